package dev.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;

/// What browsers let pages of other origins do.
@TestPropertySource(
        properties = {
            "postern.audit.spool-directory=${postern.home}/spool-of-cors",
            "postern.gateway.relay.session-wait=20s",
            "postern.gateway.cors.allowed-origins=https://app.example",
            "postern.gateway.cors.allowed-headers=X-Trace"
        })
class CorsTest extends GatewayFixture {
    private static final String APP = "https://app.example";

    @Test
    void preflightWhenOriginIsAllowedThenAnsweredWithoutAToken() throws Exception {
        HttpResponse<String> response =
                send(preflight(APP, "POST", "authorization,content-type,x-stainless-os,x-trace"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo(APP);
        assertThat(header(response, "Access-Control-Allow-Methods")).contains("POST");
        assertThat(header(response, "Access-Control-Allow-Headers")).containsIgnoringCase("authorization");
        assertThat(header(response, "Access-Control-Max-Age")).isEqualTo("600");
        assertThat(header(response, "Access-Control-Allow-Credentials")).isEmpty();
        assertThat(response.headers().allValues("Vary")).contains("Origin");
    }

    @Test
    void preflightWhenOriginOrMethodOrHeaderIsNotAllowedThen403() throws Exception {
        for (HttpRequest.Builder request : new HttpRequest.Builder[] {
            preflight("https://evil.example", "POST", "authorization"),
            preflight("https://app.example.evil.example", "POST", "authorization"),
            preflight("http://app.example", "POST", "authorization"),
            preflight("null", "POST", "authorization"),
            preflight(APP, "DELETE", "authorization"),
            preflight(APP, "POST", "x-other")
        }) {
            HttpResponse<String> response = send(request);

            assertThat(response.statusCode()).isEqualTo(403);
            assertThat(header(response, "Access-Control-Allow-Origin")).isEmpty();
            assertThat(json(response).path("error").path("code").asString()).isEqualTo("origin_refused");
        }
    }

    @Test
    void requestWhenOriginIsAllowedThenItsPageMayReadTheAnswerAndOurHeaders() throws Exception {
        model(stream -> stream.document("{}"));

        HttpResponse<String> response = send(chat(CHAT).header("Origin", APP));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo(APP);
        assertThat(header(response, "Access-Control-Expose-Headers"))
                .contains("Postern-Request-Id", "RateLimit", "x-ratelimit-remaining-tokens", "Retry-After");
    }

    @Test
    void requestWhenRefusedThenItsPageMayReadWhy() throws Exception {
        HttpResponse<String> response =
                send(to("/v1/models").header("Origin", APP).GET());

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo(APP);
    }

    @Test
    void requestWhenOriginIsNotAllowedThenNotServed() throws Exception {
        model(stream -> {
            throw new IllegalStateException("nothing may reach the relay");
        });

        HttpResponse<String> response = send(chat(CHAT).header("Origin", "https://evil.example"));

        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(header(response, "Access-Control-Allow-Origin")).isEmpty();
    }

    private HttpRequest.Builder preflight(String origin, String method, String headers) {
        return to("/v1/chat/completions")
                .header("Origin", origin)
                .header("Access-Control-Request-Method", method)
                .header("Access-Control-Request-Headers", headers)
                .method("OPTIONS", BodyPublishers.noBody());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }
}

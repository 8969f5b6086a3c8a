package dev.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postern.gateway.platform.FakeStream;
import dev.postern.session.StreamProblem;
import io.micrometer.core.instrument.Counter;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What clients and relays notice when something behind or before the edge fails.
class FaultTest extends GatewayFixture {
    private final BlockingQueue<FakeStream> streams = new LinkedBlockingQueue<>();

    @ParameterizedTest
    @CsvSource({
        "bad-request,400,400,bad_request",
        "unknown-model,404,404,model_not_found",
        "too-large,413,413,request_too_large",
        "forbidden,403,403,forbidden",
        "policy-blocked,403,403,policy_blocked",
        "token-expired,401,401,token_expired",
        "restoration-unavailable,502,502,restoration_unavailable",
        "redaction-unavailable,503,503,redaction_unavailable",
        "upstream-unavailable,502,502,upstream_unavailable",
        "upstream-timeout,504,504,upstream_timeout",
        "overloaded,429,429,overloaded",
        "internal,500,500,internal_error",
        "upstream-rejected,400,400,upstream_rejected",
        "upstream-rejected,404,404,model_not_found",
        "upstream-rejected,422,422,upstream_unprocessable",
        "upstream-rejected,429,429,upstream_rate_limited",
        "never-heard-of,500,500,internal_error"
    })
    void relayWhenItRefusesThenStatusAndOurSentence(String problem, int problemStatus, int status, String code)
            throws Exception {
        model(stream -> stream.fail(problem, problemStatus));

        for (String body : new String[] {CHAT, STREAMED_CHAT}) {
            HttpResponse<String> response = send(chat(body));
            assertThat(response.statusCode()).isEqualTo(status);
            assertThat(json(response).path("error").path("code").asString()).isEqualTo(code);
            assertThat(response.body()).doesNotContain("Refused by the test");
        }
    }

    @Test
    void requestWhenThePolicyBlocksItThenItsKindsAreNamed() throws Exception {
        model(stream -> stream.fail(new StreamProblem(
                "policy-blocked", 403, "The tenant's policy lets no values of these kinds pass: CARD, SSN")));

        for (String body : new String[] {CHAT, STREAMED_CHAT}) {
            HttpResponse<String> response = send(chat(body));
            assertThat(response.statusCode()).isEqualTo(403);
            assertThat(json(response).at("/error/message").asString()).endsWith("pass: CARD, SSN");
            assertThat(response.headers().firstValue("Retry-After")).isEmpty();
        }
    }

    @Test
    void overloadWhenToldThenRetryAfter() throws Exception {
        model(stream -> stream.fail("overloaded", 429));

        assertThat(send(chat(CHAT)).headers().firstValue("Retry-After")).contains("1");
    }

    @Test
    void streamWhenRelayFailsHalfWayThenErrorEventAndNoDone() throws Exception {
        model(stream -> {
            stream.event("{\"n\":1}");
            stream.fail("upstream-unavailable", 502);
        });

        HttpResponse<String> response = send(chat(STREAMED_CHAT));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body())
                .startsWith("data: {\"n\":1}\n\ndata: {\"error\":")
                .contains("upstream_unavailable")
                .doesNotContain("[DONE]");
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(meters.find("postern.requests")
                                .tag("status", "broken-off")
                                .timer())
                        .isNotNull());
    }

    @Test
    void streamWhenConnectionToRelayBreaksThenErrorEventAndNoDone() throws Exception {
        model(stream -> {
            stream.event("{\"n\":1}");
            streams.add(stream);
        });
        CompletableFuture<HttpResponse<String>> pending =
                client.sendAsync(chat(STREAMED_CHAT).build(), BodyHandlers.ofString());
        next().breakConnection();

        String body = pending.get(10, TimeUnit.SECONDS).body();

        assertThat(body).contains("answer_truncated").doesNotContain("[DONE]");
    }

    @Test
    void documentWhenConnectionToRelayBreaksThen502() throws Exception {
        model(streams::add);
        CompletableFuture<HttpResponse<String>> pending =
                client.sendAsync(chat(CHAT).build(), BodyHandlers.ofString());
        next().breakConnection();

        HttpResponse<String> response = pending.get(10, TimeUnit.SECONDS);

        assertThat(response.statusCode()).isEqualTo(502);
        assertThat(json(response).path("error").path("code").asString()).isEqualTo("answer_truncated");
    }

    @Test
    void clientWhenItGoesAwayThenRelayIsToldForStreamsAndDocuments() throws Exception {
        model(stream -> {
            streams.add(stream);
            stream.event("{\"n\":1}");
        });
        HttpResponse<InputStream> streamed = client.send(chat(STREAMED_CHAT).build(), BodyHandlers.ofInputStream());
        FakeStream first = next();
        streamed.body().close();
        assertThat(first.cancelled()).succeedsWithin(10, TimeUnit.SECONDS);

        model(streams::add);
        CompletableFuture<HttpResponse<String>> pending =
                client.sendAsync(chat(CHAT).build(), BodyHandlers.ofString());
        FakeStream second = next();
        pending.cancel(true);
        assertThat(second.cancelled()).succeedsWithin(10, TimeUnit.SECONDS);
    }

    @Test
    void relayWhenItNeverAnswersThen504AndItIsTold() throws Exception {
        model(streams::add);
        CompletableFuture<HttpResponse<String>> pending =
                client.sendAsync(chat(CHAT).build(), BodyHandlers.ofString());
        FakeStream stream = next();

        HttpResponse<String> response = pending.get(15, TimeUnit.SECONDS);

        assertThat(response.statusCode()).isEqualTo(504);
        assertThat(stream.cancelled()).succeedsWithin(5, TimeUnit.SECONDS);
    }

    @Test
    void relayWhenRestartedThenTheNextRequestWorks() throws Exception {
        model(stream -> stream.document("{\"ok\":true}"));
        assertThat(send(chat(CHAT)).statusCode()).isEqualTo(200);

        relay().stop();
        relay().start(PLATFORM.relayPort());

        // The broken connection may be noticed only by the request that is sent on it.
        await().atMost(Duration.ofSeconds(10)).until(() -> send(chat(CHAT)).statusCode() == 200);
    }

    @Test
    void relayWhenDownThenRequestsWaitAndGetThroughOnceItIsBack() throws Exception {
        model(stream -> stream.document("{\"ok\":true}"));
        relay().stop();
        CompletableFuture<HttpResponse<String>> tooEarly =
                client.sendAsync(chat(CHAT).build(), BodyHandlers.ofString());
        HttpResponse<String> refused = tooEarly.get(15, TimeUnit.SECONDS);
        assertThat(refused.statusCode()).isIn(502, 503);

        HttpResponse<String> second = send(chat(CHAT));
        assertThat(second.statusCode()).isEqualTo(503);
        assertThat(json(second).path("error").path("code").asString()).isEqualTo("relay_unavailable");
        assertThat(second.headers().firstValue("Retry-After")).contains("1");

        CompletableFuture<HttpResponse<String>> inTime =
                client.sendAsync(chat(CHAT).build(), BodyHandlers.ofString());
        relay().start(PLATFORM.relayPort());
        assertThat(inTime.get(15, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }

    @Test
    void sessionWhenHalfOverThenAnotherTakesOverWithoutARequestLost() throws Exception {
        model(stream -> stream.document("{\"ok\":true}"));
        relay().stop();
        relay().sessionLife(Duration.ofSeconds(2));
        relay().start(PLATFORM.relayPort());
        await().atMost(Duration.ofSeconds(10)).until(() -> send(chat(CHAT)).statusCode() == 200);
        int before = relay().sessionsOpened();

        while (relay().sessionsOpened() < before + 2) {
            assertThat(send(chat(CHAT)).statusCode()).isEqualTo(200);
        }
        relay().sessionLife(Duration.ofMinutes(5));
    }

    @Test
    void frameWhenReplayedThenItIsDroppedAndCountedAndTheSessionLivesOn() throws Exception {
        Counter duplicates =
                meters.get("postern.frames.rejected").tag("reason", "duplicate").counter();
        double before = duplicates.count();
        model(stream -> {
            stream.replayedEvent("{\"n\":1}");
            stream.end();
        });

        assertThat(send(chat(STREAMED_CHAT)).body()).isEqualTo("data: {\"n\":1}\n\ndata: [DONE]\n\n");
        assertThat(duplicates.count()).isEqualTo(before + 1);
        assertThat(send(chat(STREAMED_CHAT)).statusCode()).isEqualTo(200);
    }

    @Test
    void readerWhenItStopsReadingThenItIsCutOffAndOthersGoOn() throws Exception {
        String event = "{\"text\":\"" + "z".repeat(16_000) + "\"}";
        model(stream -> {
            streams.add(stream);
            if (stream.request().path("body").path("stream").asBoolean()) {
                for (int i = 0; i < 2_000; i++) {
                    stream.event(event);
                }
            } else {
                stream.document("{\"ok\":true}");
            }
        });
        HttpResponse<InputStream> unread = client.send(chat(STREAMED_CHAT).build(), BodyHandlers.ofInputStream());

        assertThat(next().cancelled()).succeedsWithin(20, TimeUnit.SECONDS);
        assertThat(send(chat(CHAT)).statusCode()).isEqualTo(200);
        try (InputStream body = unread.body()) {
            assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8).endsWith("[DONE]\n\n"))
                    .isFalse();
        }
    }

    private FakeStream next() throws InterruptedException {
        return Objects.requireNonNull(streams.poll(10, TimeUnit.SECONDS), "nothing reached the relay");
    }
}

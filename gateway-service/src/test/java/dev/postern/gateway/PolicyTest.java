package dev.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postern.gateway.platform.FakeStream;
import dev.postern.gateway.platform.TestFeed;
import dev.postern.redis.RedisLink;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/// What policy, roles and the token's own details allow, and what capability tokens are worth, over the wire.
class PolicyTest extends GatewayFixture {
    private static final String ALLOW =
            "{\"id\":\"rest\",\"effect\":\"allow\",\"phases\":[\"session\"],\"when\":\"true\"}";

    private final TestFeed feed = PLATFORM.feed();
    private final BlockingQueue<FakeStream> streams = new LinkedBlockingQueue<>();

    @Autowired
    RedisLink redis;

    @BeforeEach
    void everythingIsAnswered() {
        model(stream -> stream.document("{}"));
    }

    @AfterEach
    void theDefaultIsInForceAgain() {
        feed.reset();
        inForce(feed.policy().orElseThrow().epoch());
    }

    @Test
    void requestWhenARuleDeniesItThen403AndItsFactsAreKeptWithoutText() throws Exception {
        publish(deny("no-canary", "request.model.startsWith('canary-')"));

        HttpResponse<String> denied =
                send(chat("{\"model\":\"canary-1\",\"messages\":[{\"role\":\"user\",\"content\":\"my own words\"}]}"));

        assertThat(denied.statusCode()).isEqualTo(403);
        assertThat(json(denied).path("error").path("code").asString()).isEqualTo("policy_denied");
        assertThat(denied.body()).doesNotContain("no-canary");
        String id = denied.headers().firstValue("Postern-Request-Id").orElseThrow();
        await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
            var commands = redis.connection().orElseThrow().sync();
            String kept = commands.get("postern:denial:" + id);
            assertThat(kept)
                    .contains("\"rule\":\"no-canary\"", "\"canary-1\"", "\"policy_version\"", "chat.completions")
                    .doesNotContain("my own words");
            assertThat(commands.pttl("postern:denial:" + id)).isBetween(800_000L, 900_000L);
        });
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(PLATFORM.auditEvents())
                        .anySatisfy(event -> assertThat(event.toString()).contains("policy-denied")));
        assertThat(send(chat(CHAT)).statusCode()).isEqualTo(200);
    }

    @Test
    void requestsWhenDeniedInAFloodThenASampleOfThemIsKeptAndTheRestCounted() throws Exception {
        publish(deny("nobody", "client.id == 'flooding'"));
        String token = PLATFORM.tokens().signed(claims -> claims.claim("client_id", "flooding"));
        double before = sampled();

        for (int i = 0; i < 60; i++) {
            assertThat(send(with(CHAT, token)).statusCode()).isEqualTo(403);
        }

        assertThat(sampled() - before).isBetween(30.0, 50.0);
        var commands = redis.connection().orElseThrow().sync();
        assertThat(commands.keys("postern:denial:*").stream()
                        .map(commands::get)
                        .filter(kept -> kept.contains("flooding")))
                .hasSizeBetween(10, 30);
    }

    private double sampled() {
        return meters.get("postern.policy.denials.forgotten")
                .tag("why", "sampled")
                .counter()
                .count();
    }

    @Test
    void requestWhenMoreSensitiveThanTheClientIsClearedForThen403() throws Exception {
        assertThat(send(chat(CHAT).header("Postern-Sensitivity", "internal")).statusCode())
                .isEqualTo(200);
        assertThat(send(chat(CHAT).header("Postern-Sensitivity", "confidential"))
                        .statusCode())
                .isEqualTo(403);
        String cleared = PLATFORM.tokens().signed(claims -> claims.claim("clearance", "restricted"));
        assertThat(send(with(CHAT, cleared).header("Postern-Sensitivity", "confidential"))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void labelsWhenNotOfTheListThen400() throws Exception {
        for (HttpRequest.Builder bad : List.of(
                chat(CHAT).header("Postern-Sensitivity", "Internal"),
                chat(CHAT).header("Postern-Sensitivity", ""),
                chat(CHAT).header("Postern-Sensitivity", "public").header("Postern-Sensitivity", "restricted"),
                chat(CHAT).header("Postern-Latency-Class", "fast"))) {
            HttpResponse<String> response = send(bad);
            assertThat(response.statusCode()).isEqualTo(400);
            assertThat(json(response).path("error").path("code").asString()).isEqualTo("invalid_request_label");
        }
        assertThat(send(chat(CHAT).header("Postern-Latency-Class", "batch")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void modelWhenDetailsOrRolesDoNotNameItThenItDoesNotExist() throws Exception {
        String narrowed = PLATFORM.tokens()
                .signed(claims -> claims.claim(
                        "authorization_details",
                        List.of(Map.of("type", "postern_models", "models", List.of("simulator-*")))));
        assertThat(send(with(CHAT, narrowed)).statusCode()).isEqualTo(404);
        assertThat(send(with("{\"model\":\"simulator-a\"}", narrowed)).statusCode())
                .isEqualTo(200);
        publish("{\"description\":\"roles\",\"roles\":{\"analyst\":{\"scopes\":[\"llm:invoke\"],"
                + "\"models\":[\"simulator-*\"],\"topics\":[]}},\"rules\":[" + ALLOW + "]}");
        String analyst = PLATFORM.tokens().signed(claims -> claims.claim("roles", List.of("analyst")));
        assertThat(send(with(CHAT, analyst)).statusCode()).isEqualTo(404);
        assertThat(send(with("{\"model\":\"simulator-a\"}", analyst)).statusCode())
                .isEqualTo(200);
    }

    @Test
    void modelWhenNoNameAtAllThen404() throws Exception {
        HttpResponse<String> response = send(chat("{\"model\":\"write to jane@example.com, please\"}"));

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(json(response).path("error").path("code").asString()).isEqualTo("model_not_found");
    }

    @Test
    void streamWhenANewPolicyDeniesItThenItEndsAndOthersGoOn() throws Exception {
        model(stream -> {
            stream.event("{\"n\":1}");
            streams.add(stream);
        });
        CompletableFuture<HttpResponse<String>> batch = client.sendAsync(
                chat(STREAMED_CHAT).header("Postern-Latency-Class", "batch").build(), BodyHandlers.ofString());
        next();
        CompletableFuture<HttpResponse<String>> interactive =
                client.sendAsync(chat(STREAMED_CHAT).build(), BodyHandlers.ofString());
        FakeStream goesOn = next();

        publish(deny("no-batch", "request.latency_class == 'batch'"));

        assertThat(batch.get(5, TimeUnit.SECONDS).body())
                .contains("policy_denied")
                .doesNotContain("[DONE]");
        goesOn.end();
        assertThat(interactive.get(5, TimeUnit.SECONDS).body()).endsWith("data: [DONE]\n\n");
    }

    @Test
    void policyWhenItCannotBeCompiledThenTheOneBeforeStays() throws Exception {
        publish(deny("no-batch", "request.latency_class == 'batch'"));

        feed.publish(
                "{\"description\":\"broken\",\"rules\":[{\"id\":\"x\",\"effect\":\"allow\",\"when\":\"1 +\"}]}", false);

        await().atMost(Duration.ofSeconds(5))
                .until(() ->
                        meters.get("postern.policy.refused").functionCounter().count() > 0);
        assertThat(send(chat(CHAT)).statusCode()).isEqualTo(200);
        assertThat(send(chat(CHAT).header("Postern-Latency-Class", "batch")).statusCode())
                .isEqualTo(403);
    }

    @Test
    void capabilityWhenUsedByManyAtOnceThenAsOftenAsItSaysAndNoMore() {
        String token = PLATFORM.tokens()
                .signed(claims -> claims.claim("token_use", "capability").claim("uses", 5));

        List<CompletableFuture<HttpResponse<String>>> all = IntStream.range(0, 100)
                .mapToObj(_ -> client.sendAsync(with(CHAT, token).build(), BodyHandlers.ofString()))
                .toList();

        List<Integer> statuses = all.stream()
                .map(CompletableFuture::join)
                .map(HttpResponse::statusCode)
                .toList();
        assertThat(statuses).filteredOn(status -> status == 200).hasSize(5);
        assertThat(statuses).filteredOn(status -> status == 401).hasSize(95);
    }

    @Test
    void capabilityWhenTheRequestIsMalformedThenNoUseIsSpent() throws Exception {
        String token = PLATFORM.tokens()
                .signed(claims -> claims.claim("token_use", "capability").claim("uses", 1));

        assertThat(send(with("not json", token)).statusCode()).isEqualTo(400);
        assertThat(send(with(CHAT, token)).statusCode()).isEqualTo(200);
        HttpResponse<String> spent = send(with(CHAT, token));
        assertThat(spent.statusCode()).isEqualTo(401);
        assertThat(json(spent).path("error").path("code").asString()).isEqualTo("token_spent");
    }

    private static String deny(String id, String when) {
        return "{\"description\":\"test\",\"rules\":[{\"id\":\"" + id
                + "\",\"effect\":\"deny\",\"phases\":[\"session\"],\"when\":\"" + when + "\"}," + ALLOW + "]}";
    }

    private void publish(String policy) {
        inForce(feed.publish(policy, false));
    }

    private void inForce(long epoch) {
        await().atMost(Duration.ofSeconds(5))
                .until(() -> meters.get("postern.policy.epoch").gauge().value() >= epoch);
    }

    private HttpRequest.Builder with(String body, String token) {
        return to("/v1/chat/completions")
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.ofString(body));
    }

    private FakeStream next() throws InterruptedException {
        return Objects.requireNonNull(streams.poll(10, TimeUnit.SECONDS));
    }
}

package dev.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postern.gateway.live.LiveSessions;
import dev.postern.gateway.live.LiveSessions.Which;
import dev.postern.gateway.platform.FakeStream;
import dev.postern.gateway.platform.TestFeed;
import dev.postern.gateway.problem.Failure;
import dev.postern.policy.PolicySet;
import dev.postern.redis.RedisLink;
import dev.postern.trust.Revocation.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What is being served ends when its token does, and never looks complete.
class LiveTest extends GatewayFixture {
    private static final String FIRST = "data: {\"n\":1}\n\n";
    private static final Duration SOON = Duration.ofSeconds(5);

    private final TestFeed feed = PLATFORM.feed();
    private final BlockingQueue<FakeStream> streams = new LinkedBlockingQueue<>();

    @Autowired
    LiveSessions live;

    @Autowired
    RedisLink redis;

    @BeforeEach
    void oneEventThenSilence() {
        model(stream -> {
            stream.event("{\"n\":1}");
            streams.add(stream);
        });
    }

    @AfterEach
    void everythingIsTrustedAgain() {
        feed.reset();
    }

    @ParameterizedTest
    @CsvSource({"TOKEN,j-1", "SESSION,s-1", "CLIENT,c-1", "SUBJECT,u-1", "TENANT,t-1", "KEY,key-1"})
    void streamWhenRevokedThenItEndsAtOnceAndTheRelayIsTold(Kind kind, String value) throws Exception {
        String token = named();
        CompletableFuture<String> pending = begun(STREAMED_CHAT, token);
        FakeStream stream = next();

        feed.revoke(kind, value);

        assertEnded(pending, "token_revoked");
        assertThat(stream.cancelled()).succeedsWithin(SOON);
        assertThat(send(with(STREAMED_CHAT, token)).statusCode()).isEqualTo(401);
    }

    @Test
    void documentWhenRevokedThen401() throws Exception {
        model(streams::add);
        CompletableFuture<HttpResponse<String>> pending = begin(CHAT, named());
        next();

        feed.revoke(Kind.SESSION, "s-1");

        HttpResponse<String> response = pending.get(5, TimeUnit.SECONDS);
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(json(response).path("error").path("code").asString()).isEqualTo("token_revoked");
    }

    @Test
    void streamWhenItOutlivesItsTokenThenItEnds() throws Exception {
        String token = PLATFORM.tokens()
                .signed(claims -> claims.expirationTime(Date.from(Instant.now().plusSeconds(2))));

        CompletableFuture<String> pending = begun(STREAMED_CHAT, token);
        next();

        assertEnded(pending, "token_expired");
    }

    @Test
    void streamWhenItsPolicyNoLongerCountsThenItEnds() throws Exception {
        CompletableFuture<String> pending = begun(STREAMED_CHAT, named());
        next();

        feed.publish(PolicySet.DEFAULT_JSON, true);

        assertEnded(pending, "token_outdated");
    }

    @Test
    void streamWhenSomebodyContainsItsClientThenItEndsAndOthersGoOn() throws Exception {
        CompletableFuture<String> contained = begun(STREAMED_CHAT, named());
        next();
        CompletableFuture<String> other = begun(STREAMED_CHAT, PLATFORM.tokens().good());
        FakeStream otherStream = next();

        assertThat(live.end(new Which.Client("c-1"), Failure.TOKEN_OUTDATED)).isEqualTo(1);

        assertEnded(contained, "token_outdated");
        otherStream.end();
        assertThat(other.get(5, TimeUnit.SECONDS)).endsWith("data: [DONE]\n\n");
    }

    @Test
    void streamWhileTheFeedIsLostThenItsBytesWaitAndFlowAgain() throws Exception {
        feed.current(false);
        assertThat(send(with(STREAMED_CHAT, named())).statusCode()).isEqualTo(503);
        feed.current(true);
        await().atMost(SOON)
                .until(() -> send(with(CHAT, named("j-2"), "/v1/models")).statusCode() != 503);
        streams.clear();
        CompletableFuture<String> rest = begun(STREAMED_CHAT, named());
        FakeStream stream = next();

        feed.current(false);
        stream.event("{\"n\":2}");
        assertThat(rest).failsWithin(Duration.ofMillis(700));
        feed.current(true);
        stream.end();

        assertThat(rest.get(5, TimeUnit.SECONDS)).isEqualTo("data: {\"n\":2}\n\ndata: [DONE]\n\n");
    }

    @Test
    void streamWhenRevokedWhileTheFeedWasLostThenNothingThatWaitedFlows() throws Exception {
        CompletableFuture<String> pending = begun(STREAMED_CHAT, named());
        FakeStream stream = next();

        feed.current(false);
        stream.event("{\"secret\":2}");
        stream.end();
        feed.revokeSilently(Kind.SESSION, "s-1");
        feed.current(true);

        assertThat(assertEnded(pending, "token_revoked")).doesNotContain("secret");
    }

    @Test
    void requestWhileTheFeedIsLostThen503WithRetryAfter() throws Exception {
        feed.current(false);

        HttpResponse<String> response = send(chat(CHAT));

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(json(response).path("error").path("code").asString()).isEqualTo("revocation_unavailable");
        assertThat(response.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void streamWhenItsClientDoesNotReadThenRevocationBreaksTheConnection() throws Exception {
        model(stream -> {
            streams.add(stream);
            String filler = "{\"x\":\"" + "x".repeat(30_000) + "\"}";
            for (int i = 0; i < 30; i++) {
                stream.event(filler);
            }
        });
        try (RawClient raw = new RawClient(PLATFORM.clientTls(), port)) {
            raw.send("POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + named()
                    + "\r\nContent-Type: application/json\r\nContent-Length: " + STREAMED_CHAT.length() + "\r\n\r\n"
                    + STREAMED_CHAT);
            next();

            feed.revoke(Kind.SESSION, "s-1");

            await().atMost(SOON)
                    .until(() -> meters.get("postern.live.requests").gauge().value() == 0);
        }
    }

    @Test
    void streamWhenServedThenItIsInTheListWithoutAnyText() throws Exception {
        CompletableFuture<String> pending = begun(
                "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"canary\"}]}", named());
        FakeStream stream = next();

        await().atMost(SOON).untilAsserted(() -> {
            var commands = redis.connection().orElseThrow().sync();
            List<String> lists = commands.keys("postern:sessions:gateway-*").stream()
                    .map(key -> Objects.requireNonNullElse(commands.get(key), "[]"))
                    .toList();
            assertThat(lists).anySatisfy(list -> {
                JsonNode entry = JsonMapper.builder().build().readTree(list).path(0);
                assertThat(entry.path("sid").asString()).isEqualTo("s-1");
                assertThat(entry.path("client").asString()).isEqualTo("c-1");
                assertThat(entry.path("tenant").asString()).isEqualTo("t-1");
                assertThat(entry.path("subject").asString()).isEqualTo("u-1");
                assertThat(entry.path("token_id").asString()).isEqualTo("j-1");
                assertThat(entry.path("kind").asString()).isEqualTo("http-stream");
                assertThat(entry.path("operation").asString()).isEqualTo("/v1/chat/completions");
                assertThat(list).doesNotContain("canary");
            });
        });
        stream.end();
        pending.get(5, TimeUnit.SECONDS);
    }

    @Test
    void streamWhenEndedThenItIsAudited() throws Exception {
        CompletableFuture<String> pending = begun(STREAMED_CHAT, named());
        next();

        feed.revoke(Kind.SESSION, "s-1");

        assertEnded(pending, "token_revoked");
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(PLATFORM.auditEvents()).anySatisfy(event -> {
                    assertThat(event.path("type").asString()).isEqualTo("dev.postern.request.rejected");
                    assertThat(event.toString()).contains("token-revoked", "c-1", "j-1");
                }));
    }

    private static byte[] read(InputStream in) {
        try {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String named() {
        return named("j-1");
    }

    private static String named(String tokenId) {
        return PLATFORM.tokens()
                .signed(claims -> claims.jwtID(tokenId)
                        .subject("u-1")
                        .claim("sid", "s-1")
                        .claim("client_id", "c-1")
                        .claim("tenant", "t-1"));
    }

    private HttpRequest.Builder with(String body, String token) {
        return with(body, token, "/v1/chat/completions");
    }

    private HttpRequest.Builder with(String body, String token, String path) {
        return to(path).header("Authorization", "Bearer " + token).POST(BodyPublishers.ofString(body));
    }

    private CompletableFuture<HttpResponse<String>> begin(String body, String token) {
        return client.sendAsync(with(body, token).build(), BodyHandlers.ofString());
    }

    private FakeStream next() throws InterruptedException {
        return Objects.requireNonNull(streams.poll(10, TimeUnit.SECONDS));
    }

    /// The rest of a stream whose first event has arrived.
    private CompletableFuture<String> begun(String body, String token) throws Exception {
        HttpResponse<InputStream> response = client.sendAsync(with(body, token).build(), BodyHandlers.ofInputStream())
                .get(10, TimeUnit.SECONDS);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(new String(response.body().readNBytes(FIRST.length()), StandardCharsets.UTF_8))
                .isEqualTo(FIRST);
        return CompletableFuture.supplyAsync(() -> new String(read(response.body()), StandardCharsets.UTF_8));
    }

    private static String assertEnded(CompletableFuture<String> rest, String code) throws Exception {
        String text = rest.get(10, TimeUnit.SECONDS);
        assertThat(text).contains("\"code\":\"" + code + "\"").doesNotContain("[DONE]");
        return text;
    }
}

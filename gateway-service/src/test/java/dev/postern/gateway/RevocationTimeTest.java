package dev.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postern.trust.Revocation.Kind;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.test.context.TestPropertySource;

/// From a revocation's arrival to the last byte of what it ends, for a thousand streams at once.
@TestPropertySource(
        properties = {
            "postern.gateway.relay.deadline=120s",
            "postern.gateway.relay.sessions=16",
            "postern.gateway.relay.streams-before-next=64"
        })
class RevocationTimeTest extends GatewayFixture {
    private static final Logger log = LoggerFactory.getLogger(RevocationTimeTest.class);
    private static final int STREAMS = 1_000;
    private static final int AT_ONCE = 50;

    @AfterEach
    void everythingIsTrustedAgain() {
        PLATFORM.feed().reset();
    }

    @Test
    void streamsWhenTheirClientIsRevokedThenAllEndWithinASecond() throws Exception {
        // A session takes few streams before its relay has answered once.
        model(stream -> stream.document("{}"));
        assertThat(send(chat(CHAT)).statusCode()).isEqualTo(200);
        model(stream -> stream.event("{\"n\":1}"));
        String token = PLATFORM.tokens().signed(claims -> claims.claim("client_id", "crowd"));
        List<CompletableFuture<Long>> ends = new ArrayList<>();
        for (int begun = 0; begun < STREAMS; begun += AT_ONCE) {
            CountDownLatch heads = new CountDownLatch(AT_ONCE);
            for (int i = 0; i < AT_ONCE; i++) {
                ends.add(stream(token, heads));
            }
            assertThat(heads.await(20, TimeUnit.SECONDS)).isTrue();
        }
        await().atMost(Duration.ofSeconds(10))
                .until(() -> meters.get("postern.live.requests").gauge().value() == STREAMS);

        long revoked = System.nanoTime();
        PLATFORM.feed().revoke(Kind.CLIENT, "crowd");

        List<Long> millis = new ArrayList<>();
        for (CompletableFuture<Long> end : ends) {
            millis.add((end.get(20, TimeUnit.SECONDS) - revoked) / 1_000_000);
        }
        millis.sort(Long::compare);
        long p50 = millis.get(STREAMS / 2);
        long p99 = millis.get(STREAMS * 99 / 100);
        log.info(
                "revoke to last byte of {} streams: p50 {} ms, p99 {} ms, max {} ms",
                STREAMS,
                p50,
                p99,
                millis.getLast());
        assertThat(p99).isLessThan(1_000);
    }

    /// When the stream's last byte arrived.
    private CompletableFuture<Long> stream(String token, CountDownLatch heads) {
        HttpRequest request = to("/v1/chat/completions")
                .timeout(Duration.ofMinutes(2))
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.ofString(STREAMED_CHAT))
                .build();
        return client.sendAsync(request, _ -> {
                    heads.countDown();
                    return BodySubscribers.ofString(StandardCharsets.UTF_8);
                })
                .thenApply(response -> {
                    long end = System.nanoTime();
                    assertThat(response.statusCode()).isEqualTo(200);
                    assertThat(response.body()).contains("token_revoked").doesNotContain("[DONE]");
                    return end;
                });
    }
}

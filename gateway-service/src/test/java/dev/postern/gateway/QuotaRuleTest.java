package dev.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postern.gateway.platform.FakeStream;
import dev.postern.gateway.platform.TestFeed;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a rule about quotas does to the requests that use them up, and to those after them.
class QuotaRuleTest extends AdmissionFixture {
    private static final String RULE =
            "{\"id\":\"none-left\",\"effect\":\"deny\",\"phases\":[\"session\"],\"when\":\"quota.requests_left == 0\"}";
    private static final String ALLOW =
            "{\"id\":\"rest\",\"effect\":\"allow\",\"phases\":[\"session\"],\"when\":\"true\"}";

    private final TestFeed feed = PLATFORM.feed();

    @AfterEach
    void theDefaultIsInForceAgain() {
        feed.reset();
        inForce(feed.policy().orElseThrow().epoch());
    }

    @Test
    void streamWhenItTookTheLastOfItsQuotaThenItGoesOn() throws Exception {
        limits(limit("one").requestsPerMinute(1, 1).build());
        publish("first");
        BlockingQueue<FakeStream> streams = new LinkedBlockingQueue<>();
        model(stream -> {
            stream.event("{\"n\":1}");
            streams.add(stream);
        });
        CompletableFuture<HttpResponse<String>> answer =
                client.sendAsync(as("took-the-last", STREAMED_CHAT).build(), BodyHandlers.ofString());
        FakeStream stream = Objects.requireNonNull(streams.poll(10, TimeUnit.SECONDS));
        double decided = decisions("allowed");

        // Every live request is decided anew.
        publish("second");
        await().atMost(Duration.ofSeconds(5)).until(() -> decisions("allowed") > decided || answer.isDone());
        stream.end();

        assertThat(answer.get(5, TimeUnit.SECONDS).body()).contains("[DONE]").doesNotContain("policy_denied");
        assertThat(send(as("took-the-last", CHAT)).statusCode()).isEqualTo(403);
    }

    @Test
    void requestWhenTheBucketHasRefilledThenItIsNotDenied() throws Exception {
        limits(limit("quick").requestsPerMinute(600, 1).build());
        publish("rule");
        model(stream -> stream.document(ANSWER));
        assertThat(send(as("refilled", CHAT)).statusCode()).isEqualTo(200);

        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() ->
                        assertThat(send(as("refilled", CHAT)).statusCode()).isEqualTo(200));
    }

    private HttpRequest.Builder as(String clientId, String body) {
        return to("/v1/chat/completions")
                .header(
                        "Authorization",
                        "Bearer " + PLATFORM.tokens().signed(claims -> claims.claim("client_id", clientId)))
                .POST(BodyPublishers.ofString(body));
    }

    private double decisions(String outcome) {
        return meters.get("postern.policy.decisions")
                .tag("outcome", outcome)
                .counter()
                .count();
    }

    private void publish(String description) {
        inForce(feed.publish(
                "{\"description\":\"" + description + "\",\"rules\":[" + RULE + "," + ALLOW + "]}", false));
    }

    private void inForce(long epoch) {
        await().atMost(Duration.ofSeconds(5))
                .until(() -> meters.get("postern.policy.epoch").gauge().value() >= epoch);
    }
}

package dev.postern.relay;

import dev.postern.redis.RedisLink;
import dev.postern.relay.redaction.RedactionLink;
import dev.postern.relay.server.RelayServer;
import dev.postern.relay.upstream.UpstreamModel;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/// Whether new sessions and their requests can be served: the port is bound, Redis answers, redaction is connected.
///
/// The model servers are shown, and do not count: while none can be used each request is told so, on a session that
/// lives on, and is the only way to find out that one can be used again.
final class RelayHealth implements HealthIndicator {
    private final RelayServer server;
    private final RedactionLink redaction;
    private final RedisLink redis;
    private final UpstreamModel upstream;

    RelayHealth(RelayServer server, RedactionLink redaction, RedisLink redis, UpstreamModel upstream) {
        this.server = server;
        this.redaction = redaction;
        this.redis = redis;
        this.upstream = upstream;
    }

    @Override
    public Health health() {
        boolean listening = server.isListening();
        boolean redacting = redaction.isReady();
        boolean remembering = storeAnswers();
        return (listening && redacting && remembering ? Health.up() : Health.outOfService())
                .withDetail("listening", listening)
                .withDetail("redaction", redacting)
                .withDetail("redis", remembering)
                .withDetail("upstreams", upstream.states())
                .build();
    }

    private boolean storeAnswers() {
        try {
            return redis.isReachable().toCompletableFuture().get(1, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException _) {
            return false;
        }
    }
}

package dev.postern.gateway.decision;

import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import dev.postern.redis.RedisLink;
import dev.postern.token.AccessToken;
import dev.postern.token.TokenUse;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/// Counts the uses of capability tokens for all replicas together (`postern:uses:<jti>`).
///
/// Guarantee: a token with n uses is good for at most n requests, whatever comes at once and wherever. A request
/// counts once it is well-formed and allowed by policy, however it ends. Failure direction: closed. While Redis is
/// away no capability is taken.
final class CapabilityUses {
    /// The count lives as long as the token can, so that nothing is left of it afterwards.
    private static final String SPEND = """
            -- KEYS[1] the token's count; ARGV[1] uses it has; ARGV[2] milliseconds it has left to live
            local used = redis.call('INCR', KEYS[1])
            if used == 1 then
                redis.call('PEXPIRE', KEYS[1], ARGV[2])
            end
            if used > tonumber(ARGV[1]) then
                return 0
            end
            return 1
            """;
    /// Clocks of replicas differ: none may take a token after another has forgotten its count.
    private static final Duration MARGIN = Duration.ofMinutes(1);

    private final RedisLink redis;
    private final Clock clock;

    CapabilityUses(RedisLink redis, Clock clock) {
        this.redis = redis;
        this.clock = clock;
    }

    /// Completes when the request may be served; fails with [Refused] otherwise. Costs nothing for other tokens.
    Mono<Void> spend(AccessToken token) {
        if (token.use() != TokenUse.CAPABILITY) {
            return Mono.empty();
        }
        return Mono.fromCompletionStage(() -> count(token))
                .onErrorResume(_ -> Mono.error(new Refused(Failure.REPLAY_UNAVAILABLE)))
                .publishOn(Schedulers.parallel())
                .flatMap(good -> good ? Mono.empty() : Mono.error(new Refused(Failure.TOKEN_SPENT)));
    }

    private CompletionStage<Boolean> count(AccessToken token) {
        StatefulRedisConnection<String, String> open = redis.connection().orElse(null);
        if (open == null) {
            return CompletableFuture.failedStage(new Refused(Failure.REPLAY_UNAVAILABLE));
        }
        Duration left = Duration.between(clock.instant(), token.expiresAt()).plus(MARGIN);
        String[] keys = {"postern:uses:" + token.tokenId()};
        return open.async()
                .<Long>eval(
                        SPEND,
                        ScriptOutputType.INTEGER,
                        keys,
                        Integer.toString(token.uses().orElse(0)),
                        Long.toString(left.toMillis()))
                .thenApply((@Nullable Long answer) -> answer != null && answer == 1);
    }
}

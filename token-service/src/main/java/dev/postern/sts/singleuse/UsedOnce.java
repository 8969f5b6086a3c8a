package dev.postern.sts.singleuse;

import dev.postern.redis.SingleUse;
import dev.postern.sts.refusal.Refusal;
import dev.postern.sts.refusal.Refused;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.ExecutionException;

/// Lets an id be used once, at whichever replica: of many racing callers exactly one wins.
///
/// Ids are remembered per owner - one client cannot burn another's - and until the thing they name has expired by
/// itself. Fails closed: while Redis is away nothing is let through, and the caller is told to come again.
public final class UsedOnce {

    /// What kind of id, and how its names begin. Proofs share their names with the gateway.
    public enum Kind {
        CLIENT_ASSERTION("assertion"),
        DPOP_PROOF("dpop");

        private final String prefix;

        Kind(String prefix) {
            this.prefix = prefix;
        }
    }

    private final SingleUse store;
    private final Clock clock;

    public UsedOnce(SingleUse store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /// Whether this is the first use.
    ///
    /// @param owner whose id it is: a client, a key; holds no colon
    /// @param until when the id's bearer can be refused for its age
    /// @throws Refused `temporarily_unavailable` when nobody can say
    public boolean isFirst(Kind kind, String owner, String id, Instant until) {
        Duration life = Duration.between(clock.instant(), until);
        String name = kind.prefix + ":" + owner + ":" + hash(id);
        return switch (claim(name, life.isPositive() ? life : Duration.ofSeconds(1))) {
            case FIRST -> true;
            case SEEN -> false;
            case UNAVAILABLE -> throw Refusal.TEMPORARILY_UNAVAILABLE.because("single-use-unavailable");
        };
    }

    private SingleUse.Use claim(String name, Duration life) {
        try {
            return store.claim(name, life).toCompletableFuture().get();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return SingleUse.Use.UNAVAILABLE;
        } catch (ExecutionException _) {
            return SingleUse.Use.UNAVAILABLE;
        }
    }

    private static String hash(String id) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}

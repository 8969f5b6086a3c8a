package dev.postern.sts;

import dev.postern.redis.SingleUse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/// Remembers in memory, for tests that are not about Redis; can be taken away.
public final class TestSingleUse implements SingleUse {

    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private volatile boolean away;

    /// From now on nobody can say.
    public void setAway(boolean isAway) {
        away = isAway;
    }

    @Override
    public CompletionStage<Use> claim(String name, Duration life) {
        if (away) {
            return CompletableFuture.completedStage(Use.UNAVAILABLE);
        }
        return CompletableFuture.completedStage(seen.add(name) ? Use.FIRST : Use.SEEN);
    }
}

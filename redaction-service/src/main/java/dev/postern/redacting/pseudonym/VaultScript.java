package dev.postern.redacting.pseudonym;

import dev.postern.redis.RedisLink;
import dev.postern.redis.RedisScript;
import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The vault's way to Redis: one call of `vault.lua` for each step. Waits for the answer, as long as
/// `postern.redis.timeout` at most. A Redis that gave none is left alone for a moment, so that not every prompt waits
/// for it. Safe for use by many threads.
final class VaultScript {
    /// What is done to a conversation; the names are the script's.
    enum Step {
        OPEN,
        KEEP,
        DROP,
        RESEAL;

        private final String word = name().toLowerCase(Locale.ROOT);
    }

    private static final Logger LOG = LoggerFactory.getLogger(VaultScript.class);
    private static final long PAUSE_MILLIS = 500;
    private static final int SCANNED_AT_ONCE = 500;

    private final RedisLink redis;
    private final RedisScript script;
    private final VaultSettings settings;
    private final MeterRegistry registry;
    private final Clock clock;
    private volatile long silentUntil = Long.MIN_VALUE;
    private volatile boolean reported;

    VaultScript(RedisLink redis, VaultSettings settings, MeterRegistry registry, Clock clock) {
        this.redis = redis;
        this.script = new RedisScript(redis, VaultScript.class, "vault.lua");
        this.settings = settings;
        this.registry = registry;
        this.clock = clock;
    }

    /// @throws VaultUnavailable when there is no answer; it may have been done all the same
    List<String> run(Step step, VaultPlace place, List<String> arguments) {
        List<String> all = new ArrayList<>(arguments.size() + 5);
        all.add(step.word);
        all.add(place.conversation());
        all.add(Long.toString(clock.millis()));
        all.add(Long.toString(settings.idle().toMillis()));
        all.add(Long.toString(settings.lifetime().toMillis()));
        all.addAll(arguments);
        long start = System.nanoTime();
        boolean answered = false;
        try {
            List<String> answer =
                    await(() -> script.run(ScriptOutputType.MULTI, place.keys(), all.toArray(String[]::new)));
            answered = true;
            return answer;
        } finally {
            Timer.builder("postern.redaction.vault")
                    .description("Steps of the Redis vault of pseudonyms")
                    .tag("step", step.word)
                    .tag("outcome", answered ? "answered" : "unavailable")
                    .register(registry)
                    .record(Duration.ofNanos(System.nanoTime() - start));
        }
    }

    /// The sealed key of a conversation, if it is there.
    Optional<String> sealedKey(VaultPlace place) {
        return Optional.ofNullable(ask(commands -> commands.hget(place.keys()[0], RedisVault.KEY)));
    }

    /// All conversations; those that come meanwhile may be left out.
    List<VaultPlace> conversations() {
        List<VaultPlace> found = new ArrayList<>();
        ScanArgs family = ScanArgs.Builder.matches(VaultPlace.FAMILY + "*").limit(SCANNED_AT_ONCE);
        ScanCursor cursor = ScanCursor.INITIAL;
        do {
            ScanCursor from = cursor;
            KeyScanCursor<String> page = ask(commands -> commands.scan(from, family));
            page.getKeys().forEach(key -> VaultPlace.of(key).ifPresent(found::add));
            cursor = page;
        } while (!cursor.isFinished());
        return found;
    }

    private <T> T ask(Function<RedisAsyncCommands<String, String>, CompletionStage<T>> question) {
        return await(() -> question.apply(
                redis.connection().orElseThrow(VaultUnavailable::new).async()));
    }

    private <T> T await(Supplier<CompletionStage<T>> question) {
        if (clock.millis() < silentUntil) {
            throw new VaultUnavailable();
        }
        try {
            T answer = question.get().toCompletableFuture().join();
            if (reported) {
                reported = false;
                LOG.info("Redis answers the vault of pseudonyms again");
            }
            return answer;
        } catch (RuntimeException failure) {
            silentUntil = clock.millis() + PAUSE_MILLIS;
            if (!reported) {
                reported = true;
                Throwable cause = failure.getCause() == null ? failure : failure.getCause();
                LOG.warn(
                        "Redis does not answer the vault of pseudonyms: {}",
                        cause.getClass().getSimpleName());
            }
            throw new VaultUnavailable();
        }
    }
}

package dev.postern.relay.keys;

import dev.postern.chassis.keys.KeyReports;
import dev.postern.chassis.keys.Suspicion;
import dev.postern.chassis.keys.Trigger;
import dev.postern.session.RelayKeyRing;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Messages that do not open, by the set of relay keys that they are sealed to or whose session they came in: more than
/// a threshold within a window that slides is reported, and counted from the beginning then.
///
/// Called on event loops; waits for nobody. Whoever reaches the relay through the gateway can send OPENs that do not
/// open, and a client of ours frames of that kind in its own session: a spike says that somebody tries, not that
/// somebody has the key.
public final class AeadFailures implements Consumer<String> {
    /// A ring has three periods; a set that is gone may still be under way.
    private static final int MOST_SETS = 8;

    private final RelayKeyRing ring;
    private final AeadFailuresProperties properties;
    private final KeyReports reports;
    private final LongSupplier nanoTime;
    private final Clock clock;
    /// Guarded by this.
    private final Map<String, Window> windows = new LinkedHashMap<>();

    public AeadFailures(
            RelayKeyRing ring,
            AeadFailuresProperties properties,
            KeyReports reports,
            LongSupplier nanoTime,
            Clock clock) {
        this.ring = ring;
        this.properties = properties;
        this.reports = reports;
        this.nanoTime = nanoTime;
        this.clock = clock;
    }

    @Override
    public void accept(String keyId) {
        // Of a set that the ring has no more there is nothing to say.
        ring.setOf(keyId)
                .filter(this::isSpike)
                .ifPresent(set -> reports.suspect(
                        new Suspicion("relay-hpke", set, Trigger.AEAD_FAILURES),
                        clock.instant(),
                        properties.threshold()));
    }

    private synchronized boolean isSpike(String set) {
        boolean spike = windows.computeIfAbsent(set, _ -> new Window(properties.threshold()))
                .fills(nanoTime.getAsLong(), properties.window().toNanos());
        if (windows.size() > MOST_SETS) {
            windows.remove(windows.keySet().iterator().next());
        }
        return spike;
    }

    /// The times of the last failures, as many as make a spike.
    private static final class Window {
        private final long[] times;
        private int next;
        private int held;

        Window(int threshold) {
            times = new long[threshold];
        }

        /// Whether this one and those before it came within `nanos`; then they are forgotten.
        boolean fills(long now, long nanos) {
            times[next] = now;
            next = (next + 1) % times.length;
            held = Math.min(held + 1, times.length);
            if (held == times.length && now - times[next] <= nanos) {
                held = 0;
                return true;
            }
            return false;
        }
    }
}

package dev.postern.session;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// The current epoch and those before it whose receive keys are still in their grace time. Going forward is one
/// way: the epoch secret of before is erased, so what is recorded today stays closed to who takes the keys
/// tomorrow.
final class EpochChain implements AutoCloseable {
    static final long GRACE_MILLIS = 5_000;

    private final Role self;
    private final int windowBits;
    private final Deque<Retiring> retiring = new ArrayDeque<>();
    private Secret epochSecret;
    private Epoch current;

    /// An epoch that receives until then.
    private static final class Retiring {
        final Epoch epoch;
        long until;

        Retiring(Epoch epoch, long until) {
            this.epoch = epoch;
            this.until = until;
        }
    }

    /// Takes `es_0` over.
    EpochChain(Secret firstEpoch, Role self, int windowBits, long now) {
        this.epochSecret = firstEpoch;
        this.self = self;
        this.windowBits = windowBits;
        this.current = new Epoch(0, firstEpoch, self, windowBits, now);
    }

    Epoch current() {
        return current;
    }

    /// Begins the next epoch.
    void advance(long now) {
        retire(now);
        int next = Math.addExact(current.number(), 1);
        Secret nextSecret = KeySchedule.nextEpoch(epochSecret, next);
        epochSecret.destroy();
        epochSecret = nextSecret;
        current.sending().close();
        retiring.addLast(new Retiring(current, now + GRACE_MILLIS));
        current = new Epoch(next, nextSecret, self, windowBits, now);
    }

    /// The epoch whose keys open a frame of that number, or null. Never a second candidate.
    @Nullable
    Epoch receiving(int number, long now) {
        retire(now);
        if (number == current.number()) {
            return current;
        }
        for (Retiring old : retiring) {
            if (old.epoch.number() == number) {
                return old.epoch;
            }
        }
        return null;
    }

    /// Those whose time is over stand in front: each ends no later than the one behind it, and the last no later than a
    /// whole grace time from now. A clock that was set back breaks the latter; whoever is left then has that much.
    private void retire(long now) {
        Retiring last = retiring.peekLast();
        if (last != null && last.until > now + GRACE_MILLIS) {
            retiring.forEach(old -> old.until = Math.min(old.until, now + GRACE_MILLIS));
        }
        for (Retiring old = retiring.peekFirst(); old != null && now >= old.until; old = retiring.peekFirst()) {
            old.epoch.close();
            retiring.removeFirst();
        }
    }

    @Override
    public void close() {
        epochSecret.destroy();
        current.close();
        retiring.forEach(old -> old.epoch.close());
        retiring.clear();
    }
}

package dev.postern.sts.sealing;

import dev.postern.chassis.keys.Generations;
import dev.postern.kms.KeyManagement;
import dev.postern.kms.KeyName;
import dev.postern.kms.envelope.KeyRing;
import dev.postern.kms.envelope.KeyUse;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Looks after the registry's data keys: meets those of other replicas, makes a new generation when the key directory
/// says so, or in time where it says nothing, seals again under it, and destroys the old ones when nothing needs them.
///
/// Guarantee: a generation is destroyed only after a whole pass found nothing sealed under it, and an hour after its
/// successor was made, when every replica has met that or seals nothing ([KeyRing#SEALS_FOR]); one that is compromised
/// sooner, as [GenerationKeys] says. Nothing here is on the path of a request.
final class RegistryKeys implements Generations, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryKeys.class);
    private static final Duration TURN = Duration.ofMinutes(10);
    private static final Duration EVERYBODY_KNOWS = KeyRing.SEALS_FOR.multipliedBy(2);

    private final KeyRing keys;
    private final RegistrySeal seal;
    private final JdbcClient jdbc;
    private final Duration rotateAfter;
    private final Clock clock;
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("registry-keys").factory());

    RegistryKeys(KeyRing keys, RegistrySeal seal, JdbcClient jdbc, Duration rotateAfter, Clock clock) {
        this.keys = keys;
        this.seal = seal;
        this.jdbc = jdbc;
        this.rotateAfter = rotateAfter;
        this.clock = clock;
    }

    static KeyRing open(KeyManagement kms, JdbcClient jdbc, SecureRandom random, Clock clock) {
        return KeyRing.open(kms, KeyName.wrapping(SealedColumn.STORE), new JdbcKeyShelf(jdbc), random, clock);
    }

    RegistryKeys start() {
        var _ = scheduler.scheduleWithFixedDelay(
                this::tendQuietly, TURN.toMillis(), TURN.toMillis(), TimeUnit.MILLISECONDS);
        return this;
    }

    private void tendQuietly() {
        try {
            tend();
        } catch (RuntimeException e) {
            // The database or key management is away, or a value is damaged: the keys in memory go on, for a while.
            LOG.warn(
                    "The registry's data keys could not be looked after: {}",
                    e.getClass().getSimpleName());
        }
    }

    /// One turn.
    void tend() {
        keys.refresh();
        int rewrapped = keys.rewrap();
        if (rewrapped > 0) {
            LOG.info("{} data keys of the registry lie under a new version of their wrapping key", rewrapped);
        }
        if (keys.madeAt(KeyUse.RECORDS).plus(rotateAfter).isBefore(clock.instant())) {
            LOG.info("The registry is sealed under data key {} from now on", keys.rotate(KeyUse.RECORDS));
        }
        if (keys.generations(KeyUse.RECORDS).size() > 1) {
            // Before the look: a generation made meanwhile, by the directory or another replica, seals nothing yet.
            int seals = keys.active(KeyUse.RECORDS);
            boolean nothingOld = sealAgain() == 0;
            boolean everybodyKnows =
                    keys.madeAt(KeyUse.RECORDS).plus(EVERYBODY_KNOWS).isBefore(clock.instant());
            if (nothingOld && everybodyKnows) {
                endBefore(seals);
            }
        }
    }

    @Override
    public int newest() {
        keys.refresh();
        return keys.active(KeyUse.RECORDS);
    }

    @Override
    public void advanceTo(int generation) {
        int before = keys.active(KeyUse.RECORDS);
        keys.advanceTo(KeyUse.RECORDS, generation);
        int seals = keys.active(KeyUse.RECORDS);
        if (seals != before) {
            LOG.info("The registry is sealed under data key {} from now on", seals);
        }
    }

    @Override
    public int renew() {
        return sealAgain();
    }

    @Override
    public void endBefore(int oldest) {
        keys.generations(KeyUse.RECORDS).headSet(oldest).forEach(old -> keys.destroy(KeyUse.RECORDS, old));
    }

    /// Seals under the newest generation whatever is not; returns how much that was.
    private int sealAgain() {
        int changed = 0;
        for (SealedColumn column : SealedColumn.values()) {
            changed += new SealedRows(jdbc, column)
                    .change((row, value) -> seal.isCurrent(column, value)
                            ? Optional.empty()
                            : Optional.of(seal.seal(column, row, seal.open(column, row, value))));
        }
        return changed;
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
    }
}

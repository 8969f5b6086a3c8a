package dev.postern.relay.admission;

import dev.postern.chassis.keys.TurningKeys;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.redis.SingleUse;
import dev.postern.session.ChallengeKey;
import dev.postern.session.Challenges;
import dev.postern.session.RelayDescription;
import dev.postern.session.RelayHandshake;
import dev.postern.session.RelayKeyRing;
import dev.postern.session.Suite;
import dev.postern.token.AccessTokenVerifier;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// This replica's HPKE keys and everything that stands on them. The keys are born here, turn over as the key directory
/// says and on schedule where it does not, and are erased on close; nothing of them is ever stored.
public final class RelayKeys implements AutoCloseable {
    private static final long ROTATION_CHECK_SECONDS = 5;
    private static final int INSTANCE_BYTES = 6;

    private final AdmissionProperties properties;
    private final RelayKeyRing ring;
    private final Challenges challenges;
    private final KeyConfigDocument document;
    private final ThreadPoolExecutor workers;
    private final Clock clock;
    private final SecureRandom random;

    /// Makes the first keys.
    ///
    /// @param challengeKeys of the challenges beside them; whoever made them closes them
    public RelayKeys(
            AdmissionProperties properties,
            WorkloadIdentity identity,
            TurningKeys<ChallengeKey> challengeKeys,
            ScheduledExecutorService scheduler,
            Clock clock,
            SecureRandom random) {
        this.properties = properties;
        this.clock = clock;
        this.random = random;
        RelayDescription description =
                new RelayDescription(replica(identity, random), properties.audience(), "default");
        this.ring = new RelayKeyRing(
                description, List.of(Suite.X_WING, Suite.X25519), properties.keyPeriod(), clock, random);
        this.challenges = new Challenges(challengeKeys::usable, clock, random);
        this.document = new KeyConfigDocument(ring, challenges, identity);
        this.workers = new ThreadPoolExecutor(
                properties.openThreads(),
                properties.openThreads(),
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(properties.openQueue()),
                Thread.ofPlatform().name("relay-open-", 0).daemon().factory());
        var _ = scheduler.scheduleWithFixedDelay(
                ring::rotateIfDue, ROTATION_CHECK_SECONDS, ROTATION_CHECK_SECONDS, TimeUnit.SECONDS);
    }

    /// The identity, which all replicas share, and a name of this process alone.
    private static String replica(WorkloadIdentity identity, SecureRandom random) {
        byte[] name = new byte[INSTANCE_BYTES];
        random.nextBytes(name);
        return identity.current().spiffeId() + "#" + HexFormat.of().formatHex(name);
    }

    /// The keys themselves, for whoever decides when they turn over.
    public RelayKeyRing ring() {
        return ring;
    }

    /// The document of `GET /ssp1/key-config`.
    public byte[] keyConfig() {
        return document.fresh();
    }

    /// The judge of OPENs sealed to these keys.
    ///
    /// @param unopened told of the key of each that does not open; must not wait
    public Admission admission(
            SingleUse store, AccessTokenVerifier tokens, LongSupplier nanoTime, Consumer<String> unopened) {
        return new Admission(
                properties,
                new RelayHandshake(ring, challenges, clock, random),
                new OpenRate(properties.opensPerSecond(), properties.openBurst(), nanoTime),
                store,
                tokens,
                clock,
                workers,
                unopened);
    }

    @Override
    public void close() {
        workers.shutdownNow();
        ring.close();
    }
}

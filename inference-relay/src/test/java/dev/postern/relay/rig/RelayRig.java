package dev.postern.relay.rig;

import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditUnavailable;
import dev.postern.chassis.keys.TurningKeys;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.policy.Facts;
import dev.postern.policy.PolicyInForce;
import dev.postern.redis.RedisLink;
import dev.postern.redis.RedisSettings;
import dev.postern.redis.RedisSingleUse;
import dev.postern.relay.admission.Admission;
import dev.postern.relay.admission.AdmissionProperties;
import dev.postern.relay.admission.RelayKeys;
import dev.postern.relay.capture.BodyCaptures;
import dev.postern.relay.capture.CaptureProperties;
import dev.postern.relay.exchange.Exchanges;
import dev.postern.relay.journal.JournalProperties;
import dev.postern.relay.journal.RedisResultJournal;
import dev.postern.relay.policy.RequestPolicy;
import dev.postern.relay.redaction.RedactionLink;
import dev.postern.relay.redaction.RedactionProperties;
import dev.postern.relay.replay.RedisReplayStore;
import dev.postern.relay.server.RelayServer;
import dev.postern.relay.server.ServerProperties;
import dev.postern.relay.session.SessionProperties;
import dev.postern.relay.session.Sessions;
import dev.postern.relay.upstream.ModelCatalogue;
import dev.postern.relay.upstream.UpstreamModel;
import dev.postern.relay.upstream.UpstreamProperties;
import dev.postern.session.ChallengeKey;
import dev.postern.test.MutableClock;
import dev.postern.test.RedisForTests;
import dev.postern.token.AccessTokenVerifier;
import dev.postern.token.TokenUse;
import dev.postern.token.VerifierSettings;
import dev.postern.trust.OwnTrustFeed;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.awaitility.Awaitility;

/// A whole relay on loopback: real TLS, real Redis, real gRPC; only redaction and the model are stand-ins.
public final class RelayRig implements AutoCloseable {
    public static final String PRIMARYS_KEY = "key-of-the-primary";
    private static final long JOURNAL = 64 * 1024;
    private static final AdmissionProperties ADMISSION = admission(1000, 2, 64);
    private static final CaptureProperties NOTHING = new CaptureProperties(null, Set.of(), 1 << 18);
    public static final TrustDomain DOMAIN = new TrustDomain("postern.local");

    public final MutableClock clock = new MutableClock(Instant.now());
    public final SecureRandom random = new SecureRandom();
    public final InMemoryAuthority authority = InMemoryAuthority.create("test", Duration.ofDays(1), clock, random);
    public final WorkloadIdentity gateway = authority.identityOf(DOMAIN.idOf("gateway-service"));
    /// Told of the key of each OPEN that nobody sealed to it.
    public volatile Consumer<String> unopened = _ -> {};

    /// Whether captured bodies can be recorded.
    public volatile boolean trailWritable = true;

    public volatile boolean roomInTrail = true;

    public final TokenMint mint = new TokenMint(clock);
    public final List<AuditEvent> audited = new CopyOnWriteArrayList<>();
    public final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    public final OwnTrustFeed trust = new OwnTrustFeed(clock);
    public final Sessions sessions;
    public final FakeUpstream upstream;
    public final RelayServer server;
    public final Admission admission;
    public final AccessTokenVerifier tokens;

    public final WorkloadIdentity identity = authority.identityOf(DOMAIN.idOf("inference-relay"));
    private final WorkloadIdentity redactionIdentity = authority.identityOf(DOMAIN.idOf("redaction-service"));
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    /// Compiles where it is published.
    public final PolicyInForce policy = new PolicyInForce(Runnable::run);
    private final AtomicLong elapsed = new AtomicLong();
    private final RedisLink store;
    private final RedactionLink link;
    private final BodyCaptures captures;
    private final UpstreamModel model;
    public final TurningKeys<ChallengeKey> challengeKeys;
    public final RelayKeys keys;
    private final int redactionPort;
    private FakeRedaction redaction;

    /// A relay that serves as many requests as a test makes.
    public RelayRig(RedisForTests redis, Path directory) throws Exception {
        this(redis, directory, 64);
    }

    /// A relay that serves `maxRequests` at once.
    public RelayRig(RedisForTests redis, Path directory, int maxRequests) throws Exception {
        this(redis, directory, maxRequests, 0);
    }

    /// A relay where `maxWaiting` more wait.
    public RelayRig(RedisForTests redis, Path directory, int maxRequests, int maxWaiting) throws Exception {
        this(redis, directory, maxRequests, maxWaiting, Duration.ofSeconds(30));
    }

    /// A relay whose sessions go on for `withoutStore` without Redis.
    public RelayRig(RedisForTests redis, Path directory, int maxRequests, int maxWaiting, Duration withoutStore)
            throws Exception {
        this(
                redis.host(),
                redis.port(),
                directory,
                maxRequests,
                maxWaiting,
                withoutStore,
                List.of(),
                ADMISSION,
                NOTHING);
    }

    /// A relay whose way to Redis leads through `redis`.
    public RelayRig(RedisSwitch redis, Path directory) throws Exception {
        this("127.0.0.1", redis.port(), directory, 64, 0, Duration.ofSeconds(30), List.of(), ADMISSION, NOTHING);
    }

    /// A relay whose model server is known by [#PRIMARYS_KEY] and has stand-ins.
    public RelayRig(RedisForTests redis, Path directory, List<UpstreamProperties.Endpoint> fallbacks) throws Exception {
        this(redis.host(), redis.port(), directory, 64, 0, Duration.ofSeconds(30), fallbacks, ADMISSION, NOTHING);
    }

    /// A relay that captures as `captured` says.
    public RelayRig(RedisForTests redis, Path directory, CaptureProperties captured) throws Exception {
        this(redis.host(), redis.port(), directory, 64, 0, Duration.ofSeconds(30), List.of(), ADMISSION, captured);
    }

    /// A relay that admits as `admission` says.
    public RelayRig(RedisForTests redis, Path directory, AdmissionProperties admission) throws Exception {
        this(redis.host(), redis.port(), directory, 64, 0, Duration.ofSeconds(30), List.of(), admission, NOTHING);
    }

    /// How OPENs are admitted.
    ///
    /// @param opens of one peer at once, and for each second of [#elapse]
    /// @param threads that judge them
    /// @param queue that wait for a thread
    public static AdmissionProperties admission(int opens, int threads, int queue) {
        return admission(100, opens, threads, queue);
    }

    /// As usual, for `sessions` at once.
    public static AdmissionProperties admission(int sessions) {
        return admission(sessions, 1000, 2, 64);
    }

    private static AdmissionProperties admission(int sessions, int opens, int threads, int queue) {
        return new AdmissionProperties(
                TokenMint.AUDIENCE,
                Duration.ofMinutes(5),
                Duration.ofMinutes(15),
                sessions,
                16,
                opens,
                opens,
                threads,
                queue);
    }

    private RelayRig(
            String redisHost,
            int redisPort,
            Path directory,
            int maxRequests,
            int maxWaiting,
            Duration withoutStore,
            List<UpstreamProperties.Endpoint> fallbacks,
            AdmissionProperties admissionProperties,
            CaptureProperties captured)
            throws Exception {
        upstream = new FakeUpstream();
        redaction = new FakeRedaction(redactionIdentity, 0);
        redactionPort = redaction.port();
        Path password = Files.writeString(directory.resolve("redis-password"), RedisForTests.PASSWORD + "\n");
        store = RedisLink.open(new RedisSettings(redisHost, redisPort, password, Duration.ofMillis(500)));
        RedactionProperties redactionProperties = new RedactionProperties(
                "localhost",
                redactionPort,
                // A cold start takes half a second on a busy machine.
                Duration.ofSeconds(1),
                Duration.ofMillis(100),
                1 << 20,
                new RedactionProperties.Batch(1, 64, Duration.ofMillis(20)));
        link = RedactionLink.open(
                redactionProperties,
                DOMAIN.idOf("redaction-service"),
                identity,
                scheduler,
                random,
                meters,
                System::nanoTime);
        UpstreamProperties upstreamProperties = new UpstreamProperties(
                upstream.url(),
                Files.writeString(directory.resolve("primary-key"), PRIMARYS_KEY + "\n"),
                Duration.ofSeconds(1),
                Duration.ofMillis(400),
                Duration.ofSeconds(1),
                Duration.ofMillis(400),
                Duration.ofSeconds(5),
                1 << 20,
                16 << 20,
                "primary",
                fallbacks);
        model = new UpstreamModel(upstreamProperties, meters, threads, System::nanoTime);
        captures = BodyCaptures.of(captured, this::capture, () -> roomInTrail, meters, random);
        Exchanges exchanges = new Exchanges(
                link,
                redactionProperties.timeout(),
                model,
                new ModelCatalogue(model, upstreamProperties, clock),
                meters,
                audited::add,
                clock,
                System::nanoTime,
                maxRequests,
                maxWaiting,
                captures);
        sessions = new Sessions(
                new SessionProperties(
                        64 * 1024,
                        256 * 1024,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(30),
                        64,
                        maxWaiting,
                        withoutStore),
                admissionProperties.maxSessions(),
                exchanges,
                trust,
                new RequestPolicy(policy, _ -> Facts.Anomaly.NONE, clock),
                new RedisReplayStore(store, random, clock),
                new RedisResultJournal(store, random, new JournalProperties(JOURNAL), meters, System::nanoTime),
                meters,
                audited::add,
                clock,
                () -> System.nanoTime() + elapsed.get());
        trust.onPolicy(published -> policy.publish(published.epoch(), published.policySetJson()));
        policy.onChange(sessions::policyChanged);
        challengeKeys = TurningKeys.challenges(() -> ChallengeKey.generate(random), ChallengeKey::erase, clock, random);
        keys = new RelayKeys(admissionProperties, identity, challengeKeys, scheduler, clock, random);
        tokens = new AccessTokenVerifier(
                new VerifierSettings(
                        TokenMint.ISSUER, TokenMint.AUDIENCE, Set.of(TokenUse.SESSION), Duration.ofSeconds(5)),
                mint,
                trust,
                clock);
        admission = keys.admission(new RedisSingleUse(store), tokens, elapsed::get, key -> unopened.accept(key));
        server = new RelayServer(
                new ServerProperties("127.0.0.1", 0, 1, 100, Duration.ofSeconds(5), Duration.ofSeconds(5)),
                Set.of(DOMAIN.idOf("gateway-service")),
                identity,
                keys::keyConfig,
                admission,
                sessions);
        server.start();
        Awaitility.await()
                .until(() -> link.isReady()
                        && store.isReachable().toCompletableFuture().join());
    }

    private CompletableFuture<Void> capture(AuditEvent event) {
        if (!trailWritable) {
            return CompletableFuture.failedFuture(new AuditUnavailable(AuditUnavailable.Reason.FULL));
        }
        audited.add(event);
        return CompletableFuture.completedFuture(null);
    }

    /// Moves the time by which sessions measure how long something takes.
    public void elapse(Duration time) {
        elapsed.addAndGet(time.toNanos());
    }

    public URI address(String path) {
        return URI.create("https://localhost:" + server.port() + path);
    }

    public FakeRedaction redaction() {
        return redaction;
    }

    public void stopRedaction() {
        redaction.close();
        Awaitility.await().until(() -> !link.isReady());
    }

    public void startRedaction() throws Exception {
        redaction = new FakeRedaction(redactionIdentity, redactionPort);
        Awaitility.await().until(link::isReady);
    }

    /// The way to Redis.
    public RedisLink store() {
        return store;
    }

    public ScheduledExecutorService scheduler() {
        return scheduler;
    }

    public <E extends AuditEvent> List<E> audited(Class<E> type) {
        return audited.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Override
    public void close() {
        server.stop();
        captures.close();
        keys.close();
        model.close();
        link.close();
        store.close();
        redaction.close();
        upstream.close();
        scheduler.shutdownNow();
        threads.shutdownNow();
        gateway.close();
        identity.close();
        redactionIdentity.close();
    }
}

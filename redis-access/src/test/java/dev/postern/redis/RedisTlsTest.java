package dev.postern.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.postern.identity.IdentityIssuer;
import dev.postern.identity.IdentityUnavailable;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.IssuedChain;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.test.RedisForTests;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real Redis, behind an end of TLS that demands certificates, or with its own.
final class RedisTlsTest {
    private static final TrustDomain DOMAIN = new TrustDomain("postern.local");
    private static final URI REDIS = DOMAIN.idOf("redis");
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final long PATIENCE_SECONDS = 20;

    private final SecureRandom random = new SecureRandom();
    private final InMemoryAuthority authority = authority();
    private final List<AutoCloseable> running = new ArrayList<>();

    @TempDir
    private Path home = Path.of("");

    private RedisForTests redis;
    private WorkloadIdentity server;
    private WorkloadIdentity workload;

    @BeforeEach
    void start() throws IOException {
        Files.writeString(home.resolve("password"), RedisForTests.PASSWORD);
        redis = closing(RedisForTests.start());
        server = identity(REDIS, DAY);
        workload = identity(DOMAIN.idOf("gateway-service"), DAY);
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : running.reversed()) {
            each.close();
        }
    }

    @Test
    void commandsWhenRedisDemandsACertificateThenTheWorkloadsIsShown() throws Exception {
        TlsFront front = front(server);
        RedisLink link = link(front.port(), new RedisTrust.Workload(REDIS));

        awaitReachable(link);

        assertThat(set(link, "greeting", "hello")).isEqualTo("OK");
        assertThat(front.shown()).containsExactly(serial(workload));
    }

    @Test
    void renewalWhenCommandsAreUnderWayThenNoneFailsAndTheNewCertificateIsShown() throws Exception {
        TlsFront front = front(server);
        RedisLink link = link(front.port(), new RedisTrust.Workload(REDIS));
        awaitReachable(link);
        BigInteger before = serial(workload);
        long generation = link.generation();
        List<CompletableFuture<String>> answers = new ArrayList<>();

        CompletableFuture<?> renewed = workload.renewNow();
        await("the new certificate is shown and the old one gone", () -> {
            answers.add(
                    link.connection().orElseThrow().async().set("key", "value").toCompletableFuture());
            return renewed.isDone() && front.connected().equals(List.of(serial(workload)));
        });

        assertThat(answers)
                .hasSizeGreaterThan(10)
                .allSatisfy(answer -> assertThat(answer)
                        .succeedsWithin(Duration.ofSeconds(PATIENCE_SECONDS))
                        .isEqualTo("OK"));
        assertThat(front.shown()).containsExactly(before, serial(workload));
        assertThat(link.generation()).isGreaterThan(generation);
    }

    @Test
    void renewalWhenACallerWaitsOnAConnectionOfItsOwnThenItComesBackUnderTheNewCertificate() throws Exception {
        TlsFront front = front(server);
        RedisLink link = link(front.port(), new RedisTrust.Workload(REDIS));
        awaitReachable(link);
        StatefulRedisConnection<String, String> own = link.dedicated().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        BigInteger before = serial(workload);

        CompletableFuture<?> renewed = workload.renewNow();
        await("both connections are made anew", () -> {
            waitForWork(own);
            return renewed.isDone() && front.connected().equals(List.of(serial(workload), serial(workload)));
        });
        assertThat(link.connection()
                        .orElseThrow()
                        .async()
                        .rpush("queue", "work")
                        .toCompletableFuture())
                .succeedsWithin(TIMEOUT);

        await("the caller's own connection answers", () -> waitForWork(own).equals("work"));
        assertThat(front.shown()).startsWith(before, before);
        own.close();
    }

    /// Waits in the server, for less than a command may take.
    private static String waitForWork(StatefulRedisConnection<String, String> own) {
        return own.async()
                .blpop(0.1, "queue")
                .toCompletableFuture()
                .handle((work, failure) -> work == null || failure != null ? "" : work.getValue())
                .join();
    }

    @Test
    void renewalWhenRedisIsAwayThenTheNextConnectionShowsTheNewCertificate() throws Exception {
        TlsFront front = front(server);
        RedisLink link = link(front.port(), new RedisTrust.Workload(REDIS));
        awaitReachable(link);
        redis.close();
        await("Redis is away", () -> !reachable(link));

        workload.renewNow().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(reachable(link)).isFalse();
        running.add(RedisForTests.startOn(redis.port()));
        awaitReachable(link);

        assertThat(set(link, "greeting", "hello")).isEqualTo("OK");
        assertThat(front.shown().getLast()).isEqualTo(serial(workload));
        await("one connection is left", () -> front.connected().equals(List.of(serial(workload))));
    }

    @Test
    void connectionWhenTheCertificateRunsOutThenEndsBeforeItAndComesBackWithTheNext() throws Exception {
        Switchable issuer = new Switchable(authority.issuerFor(grant(DOMAIN.idOf("relay"), Duration.ofSeconds(8))));
        WorkloadIdentity brief = closing(WorkloadIdentity.issuedBy(
                issuer, DOMAIN.idOf("relay"), InMemoryAuthority.LOCAL_HOSTS, Clock.systemUTC(), random));
        TlsFront front = front(server);
        RedisLink link = closing(RedisLink.open(settings(front.port(), new RedisTrust.Workload(REDIS)), brief));
        awaitReachable(link);

        issuer.away = true;
        BigInteger last = serial(brief);
        await(
                "nothing is open under a certificate that ran out",
                () -> !reachable(link) && front.connected().isEmpty());

        issuer.away = false;
        awaitReachable(link);
        assertThat(front.connected()).doesNotContain(last);
    }

    @Test
    void connectionWhenRedisCertificateIsDeniedThenEndsAndNoneIsMade() throws Exception {
        TlsFront front = front(server);
        RedisLink link = link(front.port(), new RedisTrust.Workload(REDIS));
        awaitReachable(link);

        workload.deny(List.of(serial(server)));

        await("ended", () -> !reachable(link) && front.connected().isEmpty());
        assertNeverReachable(link);
    }

    @Test
    void connectionWhenAnotherWorkloadPosesAsRedisThenIsRefused() throws Exception {
        TlsFront front = front(identity(DOMAIN.idOf("inference-relay"), DAY));

        assertNeverReachable(link(front.port(), new RedisTrust.Workload(REDIS)));
    }

    @Test
    void connectionWhenAnotherAuthorityVouchesForRedisThenIsRefused() throws Exception {
        TlsFront front = front(server);

        assertNeverReachable(link(front.port(), new RedisTrust.Authority(pem("other.pem", authority()))));
        assertNeverReachable(link(front.port(), new RedisTrust.PublicAuthorities()));
    }

    @Test
    void connectionWhenTheCertificateIsForAnotherHostThenIsRefused() throws Exception {
        IdentityIssuer elsewhere =
                authority.issuerFor(new InMemoryAuthority.Grant(REDIS, List.of("redis.example.com"), DAY));
        TlsFront front = front(closing(
                WorkloadIdentity.issuedBy(elsewhere, REDIS, List.of("redis.example.com"), Clock.systemUTC(), random)));

        assertNeverReachable(link(front.port(), new RedisTrust.Workload(REDIS)));
    }

    @Test
    void connectionWhenTheAuthoritysFileComesLaterThenIsMadeThen() throws Exception {
        TlsFront front = front(server);
        RedisLink link = link(front.port(), new RedisTrust.Authority(home.resolve("ca.pem")));
        assertNeverReachable(link);
        Files.writeString(home.resolve("ca.pem"), "no certificate");
        assertNeverReachable(link);

        pem("ca.pem", authority);

        awaitReachable(link);
    }

    @Test
    void connectionWhenRedisSpeaksNoTlsThenIsNotMadeInTheClear() throws Exception {
        assertNeverReachable(link(redis.port(), new RedisTrust.Workload(REDIS)));
    }

    @Test
    void openWhenTlsHasNoIdentityThenFails() {
        assertThatThrownBy(() -> RedisLink.open(settings(1, new RedisTrust.PublicAuthorities())))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void redisWhenItSpeaksTlsItselfAndDemandsCertificatesThenCommandsGoThrough() throws Exception {
        Path certificate = pem("redis.pem", server.current().chain());
        Path key = pem(
                "redis-key.pem", "PRIVATE KEY", server.current().privateKey().getEncoded());
        Optional<RedisForTests> secured = RedisForTests.startTls(certificate, key, pem("ca.pem", authority));
        assumeThat(secured).as("this machine's Redis speaks TLS").isPresent();
        RedisForTests its = closing(secured.orElseThrow());

        RedisLink link = link(its.port(), new RedisTrust.Workload(REDIS));

        awaitReachable(link);
        assertThat(set(link, "greeting", "hello")).isEqualTo("OK");
    }

    /// An issuer that can be gone.
    private static final class Switchable implements IdentityIssuer {
        private final IdentityIssuer issuer;
        private volatile boolean away;

        Switchable(IdentityIssuer issuer) {
            this.issuer = issuer;
        }

        @Override
        public IssuedChain issue(byte[] csrDer) {
            if (away) {
                throw new IdentityUnavailable(IdentityUnavailable.Reason.UNREACHABLE, "gone");
            }
            return issuer.issue(csrDer);
        }
    }

    private InMemoryAuthority authority() {
        return InMemoryAuthority.create("Test CA", Duration.ofDays(3_650), Clock.systemUTC(), random);
    }

    private static InMemoryAuthority.Grant grant(URI id, Duration life) {
        return new InMemoryAuthority.Grant(id, InMemoryAuthority.LOCAL_HOSTS, life);
    }

    private WorkloadIdentity identity(URI id, Duration life) {
        return closing(WorkloadIdentity.issuedBy(
                authority.issuerFor(grant(id, life)), id, InMemoryAuthority.LOCAL_HOSTS, Clock.systemUTC(), random));
    }

    private TlsFront front(WorkloadIdentity its) throws IOException {
        return closing(new TlsFront(its.sslContext(), redis.port()));
    }

    private RedisLink link(int port, RedisTrust trust) {
        return closing(RedisLink.open(settings(port, trust), workload));
    }

    private RedisSettings settings(int port, RedisTrust trust) {
        return new RedisSettings("localhost", port, home.resolve("password"), TIMEOUT, Optional.of(trust));
    }

    private <T extends AutoCloseable> T closing(T resource) {
        running.add(resource);
        return resource;
    }

    private Path pem(String name, InMemoryAuthority its) throws Exception {
        return pem(name, List.of(its.certificate()));
    }

    private Path pem(String name, List<? extends Certificate> certificates) throws Exception {
        StringBuilder text = new StringBuilder();
        for (Certificate certificate : certificates) {
            text.append(block("CERTIFICATE", certificate.getEncoded()));
        }
        return Files.writeString(home.resolve(name), text);
    }

    private Path pem(String name, String type, byte[] der) throws IOException {
        return Files.writeString(home.resolve(name), block(type, der));
    }

    private static String block(String type, byte[] der) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n";
    }

    private static BigInteger serial(WorkloadIdentity identity) {
        return identity.current().leaf().getSerialNumber();
    }

    private static String set(RedisLink link, String key, String value) throws Exception {
        return link.connection().orElseThrow().async().set(key, value).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static boolean reachable(RedisLink link) {
        return link.isReachable().toCompletableFuture().join();
    }

    private static void awaitReachable(RedisLink link) throws InterruptedException {
        await("Redis is reachable", () -> reachable(link));
    }

    /// For longer than several tries to connect.
    private static void assertNeverReachable(RedisLink link) throws InterruptedException {
        for (int i = 0; i < 10; i++) {
            assertThat(reachable(link)).isFalse();
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }
}

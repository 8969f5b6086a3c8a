package dev.postern.gateway.platform;

import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.test.RedisForTests;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Queue;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Everything around one gateway, alive for the whole test JVM.
public final class Platform {
    private static final TrustDomain DOMAIN = new TrustDomain("postern.local");

    private final InMemoryAuthority authority =
            InMemoryAuthority.create("test", Duration.ofDays(1), Clock.systemUTC(), new SecureRandom());
    private final Tokens tokens = new Tokens();
    private final WorkloadIdentity gateway = identity("gateway-service");
    private final FakeRelay relay = new FakeRelay(identity("inference-relay"), tokens);
    private final FakeServices tokenService = new FakeServices(identity("token-service"), tokens);
    private final FakeServices auditService = new FakeServices(identity("audit-service"), tokens);
    private final Path home = temporaryHome();
    private final RedisForTests redis = RedisForTests.start();
    private final TestFeed feed = new TestFeed();
    private final int relayPort = relay.start(0);

    private static Path temporaryHome() {
        try {
            Path home = Files.createTempDirectory("postern-gateway-test");
            Path password = Files.createDirectories(home.resolve("data/redis")).resolve("password");
            Files.writeString(password, RedisForTests.PASSWORD);
            return home;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Any service's identity.
    public WorkloadIdentity identity(String service) {
        return authority.identityOf(DOMAIN.idOf(service));
    }

    public WorkloadIdentity gateway() {
        return gateway;
    }

    public Tokens tokens() {
        return tokens;
    }

    public FakeRelay relay() {
        return relay;
    }

    public int relayPort() {
        return relayPort;
    }

    public int tokenPort() {
        return tokenService.port();
    }

    public int auditPort() {
        return auditService.port();
    }

    public Path home() {
        return home;
    }

    /// Every audit event that the gateway shipped.
    public Queue<JsonNode> auditEvents() {
        return auditService.events();
    }

    /// A real one.
    public RedisForTests redis() {
        return redis;
    }

    /// The trust feed, in the test's hands.
    public TestFeed feed() {
        return feed;
    }

    /// What a client pins to believe a key config.
    public X509Certificate anchor() {
        return authority.certificate();
    }

    /// Who signs key configs.
    public URI relayId() {
        return DOMAIN.idOf("inference-relay");
    }

    /// TLS as a client of the platform has it: it trusts the CA and has no certificate.
    public SSLContext clientTls() {
        return clientTls(null);
    }

    /// The same with a certificate of an authority that nobody here has heard of.
    ///
    /// @param issuedAt its certificate is good for a day from then
    public WorkloadIdentity stranger(Instant issuedAt) {
        return InMemoryAuthority.create(
                        "stranger", Duration.ofDays(1), Clock.fixed(issuedAt, ZoneOffset.UTC), new SecureRandom())
                .identityOf(URI.create("spiffe://elsewhere.test/service/client"));
    }

    public SSLContext clientTls(@Nullable WorkloadIdentity client) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("ca", authority.certificate());
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(
                    client == null ? null : new KeyManager[] {client.keyManager()}, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}

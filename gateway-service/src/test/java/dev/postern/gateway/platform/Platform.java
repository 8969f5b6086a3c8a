package dev.postern.gateway.platform;

import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Queue;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
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
    private final int relayPort = relay.start(0);

    private static Path temporaryHome() {
        try {
            return Files.createTempDirectory("postern-gateway-test");
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

    /// TLS as a client of the platform has it: it trusts the CA and has no certificate.
    public SSLContext clientTls() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("ca", authority.certificate());
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}

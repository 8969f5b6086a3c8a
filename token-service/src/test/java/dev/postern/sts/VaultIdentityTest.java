package dev.postern.sts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.identity.CertificatePem;
import dev.postern.identity.IdentityDocument;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.PeerIdentity;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.test.RedisForTests;
import dev.postern.test.VaultForTests;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// The whole service with a Vault that gives it keys and certificates, and nobody else there.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class VaultIdentityTest {
    private static final URI ID = new TrustDomain("postern.local").idOf("token-service");

    private final SecureRandom random = new SecureRandom();

    @TempDir
    Path home = Path.of("");

    @Test
    void startWhenTheVaultKnowsTheServiceThenServesAndRenewsUnderItsCertificate() throws Exception {
        try (VaultForTests vault = startVault();
                RedisForTests redis = RedisForTests.start()) {
            vault.setUp(Map.of("POSTERN_IDENTITIES", "token-service"));
            X509Certificate anchor = CertificatePem.certificates(text(vault, "GET", "pki/cert/ca", "certificate"))
                    .getFirst();
            Files.writeString(home.resolve("ca.pem"), CertificatePem.encode(anchor));
            Path secret = Files.writeString(
                    home.resolve("secret-id"),
                    text(vault, "POST", "auth/approle/role/token-service/secret-id", "secret_id"));
            Path password = Files.writeString(home.resolve("redis-password"), RedisForTests.PASSWORD);
            try (ConfigurableApplicationContext service = new SpringApplicationBuilder(TokenServiceApplication.class)
                    .run(
                            "--postern.home=" + home,
                            "--server.port=0",
                            "--management.server.port=0",
                            "--postern.kms.kind=vault",
                            "--postern.kms.vault.uri=" + vault.uri(),
                            "--postern.kms.vault.ca-certificate=" + home.resolve("tls/authority.pem"),
                            "--postern.kms.vault.role-id="
                                    + text(vault, "GET", "auth/approle/role/token-service/role-id", "role_id"),
                            "--postern.kms.vault.secret-id-file=" + secret,
                            "--postern.identity.bootstrap=vault",
                            "--postern.endpoints.rotation=https://localhost:1",
                            "--postern.endpoints.audit=https://localhost:1",
                            "--postern.redis.host=" + redis.host(),
                            "--postern.redis.port=" + redis.port(),
                            "--postern.redis.password-file=" + password)) {
                WorkloadIdentity identity = service.getBean(WorkloadIdentity.class);
                X509Certificate shown = shownBy(service, identity);
                assertThat(PeerIdentity.of(shown)).contains(ID);
                shown.verify(anchor.getPublicKey());

                IdentityDocument next = identity.renewNow().get(20, TimeUnit.SECONDS);

                assertThat(shownBy(service, identity)).isEqualTo(next.leaf()).isNotEqualTo(shown);
            }
        }
    }

    private VaultForTests startVault() throws IOException {
        VaultForTests.Tls tls;
        InMemoryAuthority authority =
                InMemoryAuthority.create("Vault's CA", Duration.ofDays(1), Clock.systemUTC(), random);
        try (WorkloadIdentity server = authority.identityOf(new TrustDomain("postern.local").idOf("vault"))) {
            IdentityDocument document = server.current();
            tls = VaultForTests.Tls.write(
                    home.resolve("tls"), document.leaf(), document.privateKey(), authority.certificate());
        }
        return VaultForTests.startOrSkip(Files.createDirectories(home.resolve("vault")), tls);
    }

    private static String text(VaultForTests vault, String method, String path, String member) {
        return vault.api(method, path, method.equals("GET") ? Map.of() : Map.of("metadata", "{}"))
                .path("data")
                .path(member)
                .asString();
    }

    private X509Certificate shownBy(ConfigurableApplicationContext service, WorkloadIdentity identity)
            throws Exception {
        SSLContext tls = SSLContext.getInstance("TLSv1.3");
        tls.init(null, new TrustManager[] {identity.trustManager()}, random);
        int port = Integer.parseInt(service.getEnvironment().getRequiredProperty("local.server.port"));
        try (SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket("localhost", port)) {
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }
}

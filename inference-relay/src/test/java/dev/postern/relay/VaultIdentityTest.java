package dev.postern.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.identity.CertificatePem;
import dev.postern.identity.IdentityDocument;
import dev.postern.identity.PeerIdentity;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.relay.server.RelayServer;
import dev.postern.test.RedisForTests;
import dev.postern.test.ShownCertificate;
import dev.postern.test.VaultForTests;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/// The whole service with a Vault that gives it its certificates, and nobody else there.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class VaultIdentityTest {
    private static final URI ID = new TrustDomain("postern.local").idOf("inference-relay");

    @TempDir
    Path home = Path.of("");

    @Test
    void startWhenTheVaultKnowsTheServiceThenServesAndRenewsUnderItsCertificate() throws Exception {
        try (VaultForTests vault = VaultForTests.startOrSkip(
                        Files.createDirectories(home.resolve("vault")),
                        VaultForTests.Tls.selfSigned(home.resolve("tls")));
                RedisForTests redis = RedisForTests.start()) {
            vault.setUp(Map.of("POSTERN_IDENTITIES", "inference-relay"));
            Path password = Files.writeString(home.resolve("redis-password"), RedisForTests.PASSWORD);
            List<String> settings = new ArrayList<>(vault.bootstrap("inference-relay", home));
            settings.addAll(List.of(
                    "--postern.home=" + home,
                    "--postern.ports.relay=0",
                    "--management.server.port=0",
                    "--postern.endpoints.rotation=https://localhost:1",
                    "--postern.endpoints.token=https://localhost:1",
                    "--postern.endpoints.audit=https://localhost:1",
                    "--postern.redis.host=" + redis.host(),
                    "--postern.redis.port=" + redis.port(),
                    "--postern.redis.password-file=" + password));
            X509Certificate anchor = CertificatePem.certificates(Files.readString(home.resolve("ca.pem")))
                    .getFirst();
            try (ConfigurableApplicationContext service =
                    new SpringApplicationBuilder(RelayApplication.class).run(settings.toArray(String[]::new))) {
                WorkloadIdentity identity = service.getBean(WorkloadIdentity.class);
                int port = service.getBean(RelayServer.class).port();
                X509Certificate shown = ShownCertificate.at(port, identity.trustManager());
                assertThat(PeerIdentity.of(shown)).contains(ID);
                shown.verify(anchor.getPublicKey());

                IdentityDocument next = identity.renewNow().get(20, TimeUnit.SECONDS);

                assertThat(ShownCertificate.at(port, identity.trustManager()))
                        .isEqualTo(next.leaf())
                        .isNotEqualTo(shown);
            }
        }
    }
}

package dev.postern.test;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A whole service with a Vault that gives it its certificates, and nobody else of the platform there.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
public abstract class VaultIdentityContract {
    private final String service;

    @TempDir
    Path home = Path.of("");

    /// For one service.
    ///
    /// @param service its name
    protected VaultIdentityContract(String service) {
        this.service = service;
    }

    /// A started service.
    public interface Running extends AutoCloseable {
        /// Where it serves.
        int port();

        /// Trusts what it trusts.
        TrustManager trust();

        /// Its next certificate.
        X509Certificate renewed() throws Exception;

        @Override
        void close();
    }

    /// Starts it as it is shipped.
    ///
    /// @param settings as of a command line
    protected abstract Running start(String[] settings);

    @Test
    void startWhenTheVaultKnowsTheServiceThenServesAndRenewsUnderItsCertificate() throws Exception {
        try (VaultForTests vault = VaultForTests.startOrSkip(
                        Files.createDirectories(home.resolve("vault")),
                        VaultForTests.Tls.selfSigned(home.resolve("tls")));
                RedisForTests redis = RedisForTests.start()) {
            vault.setUp(Map.of("POSTERN_IDENTITIES", service));
            try (Running running = start(settings(vault, redis))) {
                X509Certificate shown = ShownCertificate.at(running.port(), running.trust());
                assertThat(shown.getSubjectAlternativeNames())
                        .contains(List.of(6, "spiffe://postern.local/service/" + service));
                shown.verify(anchor().getPublicKey());

                X509Certificate next = running.renewed();

                assertThat(ShownCertificate.at(running.port(), running.trust()))
                        .isEqualTo(next)
                        .isNotEqualTo(shown);
            }
        }
    }

    private String[] settings(VaultForTests vault, RedisForTests redis) throws Exception {
        Path password = Files.writeString(home.resolve("redis-password"), RedisForTests.PASSWORD);
        List<String> settings = new ArrayList<>(vault.bootstrap(service, home));
        settings.addAll(List.of(
                "--postern.home=" + home,
                "--postern.ports.gateway=0",
                "--postern.ports.token=0",
                "--postern.ports.relay=0",
                "--management.server.port=0",
                "--postern.redis.host=" + redis.host(),
                "--postern.redis.port=" + redis.port(),
                "--postern.redis.password-file=" + password));
        for (String neighbour : List.of("rotation", "audit", "token", "relay")) {
            settings.add("--postern.endpoints." + neighbour + "=https://localhost:1");
        }
        return settings.toArray(String[]::new);
    }

    private X509Certificate anchor() throws Exception {
        try (var pem = Files.newInputStream(home.resolve("ca.pem"))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
        }
    }
}

package dev.postern.vault;

import dev.postern.identity.IdentityDocument;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.test.VaultForTests;
import dev.postern.vault.KmsProperties.Authentication;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jspecify.annotations.Nullable;

/// A real server that `deploy/vault/setup.sh` set up, and a proxy in front of it that can be slow.
final class VaultRig implements AutoCloseable {
    static final TrustDomain DOMAIN = new TrustDomain("postern.local");
    static final SecureRandom RANDOM = new SecureRandom();

    final InMemoryAuthority platform =
            InMemoryAuthority.create("Test CA", Duration.ofDays(30), Clock.systemUTC(), RANDOM);
    final VaultForTests vault;
    final SlowProxy proxy;
    /// Exchanged for each connection: gauges are of one.
    MeterRegistry meters = new SimpleMeterRegistry();
    private final Path home;

    private VaultRig(Path home) throws IOException {
        this.home = home;
        VaultForTests.Tls tls;
        try (WorkloadIdentity server = platform.identityOf(DOMAIN.idOf("vault"))) {
            IdentityDocument document = server.current();
            tls = VaultForTests.Tls.write(
                    home.resolve("tls"), document.leaf(), document.privateKey(), platform.certificate());
        }
        this.vault = VaultForTests.startOrSkip(Files.createDirectories(home.resolve("server")), tls);
        this.proxy = new SlowProxy(vault.port());
    }

    static VaultRig start(Path home) throws IOException {
        return start(home, Map.of());
    }

    static VaultRig start(Path home, Map<String, String> setUp) throws IOException {
        VaultRig rig = new VaultRig(home);
        try {
            rig.vault.setUp(setUp);
            return rig;
        } catch (RuntimeException e) {
            rig.close();
            throw e;
        }
    }

    Path authority() {
        return home.resolve("tls").resolve("authority.pem");
    }

    Path serviceAccountToken() {
        return home.resolve("service-account-token");
    }

    Path secretId(String service) {
        return home.resolve(service + ".secret-id");
    }

    String roleId(String service) {
        return vault.api("GET", "auth/approle/role/" + service + "/role-id", Map.of())
                .path("data")
                .path("role_id")
                .asString();
    }

    /// A new secret id in the service's file.
    void handOutSecretId(String service) throws IOException {
        String secret = vault.api("POST", "auth/approle/role/" + service + "/secret-id", Map.of("metadata", "{}"))
                .path("data")
                .path("secret_id")
                .asString();
        Files.writeString(secretId(service), secret + "\n");
    }

    KmsProperties.Vault approle(String service) throws IOException {
        handOutSecretId(service);
        return settings(service, Authentication.APPROLE, roleId(service), null);
    }

    KmsProperties.Vault settings(
            String service, Authentication authentication, @Nullable String roleId, @Nullable String role) {
        return new KmsProperties.Vault(
                URI.create("https://localhost:" + proxy.port()),
                authority(),
                authentication,
                null,
                role,
                roleId,
                secretId(service),
                serviceAccountToken(),
                home.resolve("client.pem"),
                home.resolve("client-key.pem"),
                service,
                "transit",
                "postern",
                "pki",
                "postern-workload",
                Duration.ofSeconds(2),
                Duration.ofSeconds(2),
                Duration.ofMillis(200));
    }

    VaultConnection connect(String service) throws IOException {
        return connect(approle(service));
    }

    VaultConnection connect(KmsProperties.Vault settings) {
        meters = new SimpleMeterRegistry();
        return VaultConnection.open(settings, meters, Clock.systemUTC(), RANDOM, new ScheduledThreadPoolExecutor(1));
    }

    double count(String meter, String outcome) {
        Counter counter = meters.find(meter).tag("outcome", outcome).counter();
        return counter == null ? 0 : counter.count();
    }

    double available() {
        return meters.get("postern.kms.available").gauge().value();
    }

    /// As root: ends the token that a connection holds.
    void revokeToken(VaultConnection connection) {
        vault.api(
                "POST",
                "auth/token/revoke",
                Map.of("token", connection.session().getSessionToken().getToken()));
    }

    /// As root: ends the secret id in a service's file.
    void revokeSecretId(String service) throws IOException {
        String secret = Files.readString(secretId(service)).strip();
        vault.api("POST", "auth/approle/role/" + service + "/secret-id/destroy", Map.of("secret_id", secret));
    }

    /// As root: deletes every transit key.
    void deleteKeys() {
        try {
            vault.api("GET", "transit/keys?list=true", Map.of())
                    .path("data")
                    .path("keys")
                    .forEach(key -> {
                        String path = "transit/keys/" + key.asString();
                        vault.api("POST", path + "/config", Map.of("deletion_allowed", true));
                        vault.api("DELETE", path, Map.of());
                    });
        } catch (IllegalStateException none) {
            // The server says 404 where there is nothing to list.
            if (!String.valueOf(none.getMessage()).contains("404")) {
                throw none;
            }
        }
    }

    @Override
    public void close() {
        proxy.close();
        vault.close();
    }
}

package dev.postern.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.postern.identity.CertificatePem;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.kms.KeyManagementException.Reason;
import dev.postern.kms.KeyName;
import dev.postern.vault.KmsProperties.Authentication;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Service accounts and certificates; AppRole is what every other test logs in with.
final class VaultAuthenticationTest {
    private static final String SERVICE = "redaction-service";
    private static final byte[] SECRET = "a key to keep".getBytes(StandardCharsets.UTF_8);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path home;

    @SuppressWarnings("NullAway.Init") // JUnit starts it before the first test.
    private static VaultRig rig;

    /// The one thing of a Kubernetes API server that the method asks for: whose token is this?
    @SuppressWarnings("NullAway.Init")
    private static HttpServer kubernetes;

    @BeforeAll
    static void start() throws IOException {
        kubernetes = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        kubernetes.createContext("/apis/authentication.k8s.io/v1/tokenreviews", exchange -> {
            String review = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean genuine = review.contains(token(SERVICE));
            byte[] answer = """
                    {"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","status":{"authenticated":%s,
                     "user":{"username":"system:serviceaccount:postern:%s","uid":"uid-1",
                             "groups":["system:serviceaccounts"]}}}
                    """.formatted(genuine, SERVICE).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(201, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        kubernetes.start();
        rig = VaultRig.start(home);
        Path authority = home.resolve("clients.pem");
        Files.writeString(
                authority,
                rig.vault
                        .api("GET", "pki/cert/ca", Map.of())
                        .path("data")
                        .path("certificate")
                        .asString());
        rig.vault.api("POST", "pki/roles/clients", Map.of("allow_any_name", true, "enforce_hostnames", false));
        rig.vault.setUp(Map.of(
                "POSTERN_AUTH",
                "kubernetes cert",
                "POSTERN_KUBERNETES_HOST",
                "http://127.0.0.1:" + kubernetes.getAddress().getPort(),
                "POSTERN_KUBERNETES_CA",
                authority.toString(),
                "POSTERN_CLIENT_CA",
                authority.toString()));
    }

    @AfterAll
    static void stop() {
        // Nothing was started where there is no server.
        Optional.ofNullable(rig).ifPresent(VaultRig::close);
        kubernetes.stop(0);
    }

    @Test
    void aServiceAccountLogsIn() throws IOException {
        assumeTrue(rig.vault.onThisHost(), "a container cannot reach this machine's loopback");
        Files.writeString(rig.serviceAccountToken(), token(SERVICE));
        assertWorks(rig.connect(rig.settings(SERVICE, Authentication.KUBERNETES, null, SERVICE)));
    }

    @Test
    void aServiceAccountOfAnotherNameIsRefused() throws IOException {
        assumeTrue(rig.vault.onThisHost(), "a container cannot reach this machine's loopback");
        Files.writeString(rig.serviceAccountToken(), token("gateway-service"));
        KeyManagementContract.assertRefused(
                Reason.DENIED, () -> rig.connect(rig.settings(SERVICE, Authentication.KUBERNETES, null, SERVICE)));
    }

    @Test
    void aCertificateLogsInAndSoDoesTheNext() throws IOException {
        handOutCertificate(SERVICE);
        try (VaultConnection connection =
                rig.connect(rig.settings(SERVICE, Authentication.CERTIFICATE, null, SERVICE))) {
            handOutCertificate(SERVICE);
            rig.revokeToken(connection);
            assertWorks(connection);
        }
    }

    @Test
    void aCertificateOfAnotherNameOrNoneIsRefused() throws IOException {
        KmsProperties.Vault settings = rig.settings(SERVICE, Authentication.CERTIFICATE, null, SERVICE);
        handOutCertificate("gateway-service");
        KeyManagementContract.assertRefused(Reason.DENIED, () -> rig.connect(settings));

        Files.delete(settings.keyFile());
        KeyManagementContract.assertRefused(Reason.DENIED, () -> rig.connect(settings));
    }

    private static void handOutCertificate(String name) throws IOException {
        JsonNode issued = rig.vault
                .api("POST", "pki/issue/clients", Map.of("common_name", name, "private_key_format", "pkcs8"))
                .path("data");
        KmsProperties.Vault settings = rig.settings(SERVICE, Authentication.CERTIFICATE, null, SERVICE);
        Files.writeString(settings.certificateFile(), issued.path("certificate").asString());
        Files.writeString(settings.keyFile(), issued.path("private_key").asString());
    }

    @Test
    void aServerOfAnotherAuthorityIsNotSpokenTo() throws IOException {
        KmsProperties.Vault settings = rig.approle(SERVICE);
        String good = Files.readString(rig.authority());
        try (WorkloadIdentity stranger = InMemoryAuthority.create(
                        "Stranger", Duration.ofDays(1), Clock.systemUTC(), VaultRig.RANDOM)
                .identityOf(VaultRig.DOMAIN.idOf(SERVICE))) {
            Files.writeString(
                    rig.authority(),
                    CertificatePem.encode(stranger.current().anchors().getFirst()));
            KeyManagementContract.assertRefused(Reason.UNAVAILABLE, () -> rig.connect(settings));
        } finally {
            Files.writeString(rig.authority(), good);
        }
    }

    private static void assertWorks(VaultConnection connected) {
        try (connected) {
            KeyName key = KeyName.wrapping("pseudonyms");
            byte[] wrapped = connected.keys().wrap(key, SECRET, SECRET);
            assertThat(connected.keys().unwrap(key, wrapped, SECRET)).isEqualTo(SECRET);
        }
    }

    /// In the form of a service account's token. Its signature is the API server's business.
    private static String token(String account) {
        Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
        String claims = """
                {"iss":"kubernetes/serviceaccount","sub":"system:serviceaccount:postern:%1$s",
                 "kubernetes.io/serviceaccount/namespace":"postern",
                 "kubernetes.io/serviceaccount/service-account.name":"%1$s",
                 "kubernetes.io/serviceaccount/service-account.uid":"uid-1"}
                """.formatted(account);
        return encoder.encodeToString("{\"alg\":\"RS256\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8)) + "."
                + encoder.encodeToString(claims.getBytes(StandardCharsets.UTF_8)) + "."
                + encoder.encodeToString(new byte[256]);
    }
}

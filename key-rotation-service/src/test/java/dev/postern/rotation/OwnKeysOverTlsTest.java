package dev.postern.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postern.kms.KeyManagement;
import dev.postern.kms.KeyName;
import dev.postern.kms.KeyVersions;
import dev.postern.kms.WrappedValue;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/// The service's own keys, which it rotates as everybody's: TLS tickets, and the key that wraps the CA's.
final class OwnKeysOverTlsTest extends RotationFixture {
    @Autowired
    KeyManagement kms;

    @Test
    void ownTicketsTurnOverAndNothingOfBeforeIsResumed() throws Exception {
        SSLContext tls = SSLContext.getInstance("TLSv1.3");
        tls.init(new KeyManager[] {operator.keyManager()}, new TrustManager[] {operator.trustManager()}, null);
        try (ServiceClient cli = as(operator)) {
            await().atMost(PATIENCE).until(() -> ours(cli, "tls-ticket").equals(Set.of("ACTIVE", "PREPARED")));
            long before = sessionOf(tls);
            assertThat(sessionOf(tls)).as("resumed").isEqualTo(before);
            assertThat(cli.post(
                                    "/v1/rotations",
                                    "{\"class\":\"tls-ticket\",\"owner\":\"service/key-rotation-service\"}")
                            .statusCode())
                    .isEqualTo(200);
            await().atMost(PATIENCE).until(() -> sessionOf(tls) > before);
        }
    }

    @Test
    void ownWrappingKeyIsRotatedAndEndedWithEverythingReadable() throws Exception {
        Path state = directory.resolve("data/key-rotation-service/platform-ca.json");
        try (ServiceClient cli = as(operator)) {
            await().atMost(PATIENCE).until(() -> ours(cli, "kms-wrapping").equals(Set.of("ACTIVE", "PREPARED")));
            assertProblem(
                    cli.post("/v1/rotations", "{\"class\":\"kms-wrapping\",\"owner\":\"service/token-service\"}"),
                    409,
                    "nothing-active");
            HttpResponse<String> rotated = cli.post("/v1/rotations", "{\"class\":\"kms-wrapping\"}");
            assertThat(rotated.statusCode()).as(rotated.body()).isEqualTo(200);
            await().atMost(PATIENCE).until(() -> wrappedUnder(state) == 2);
            await().atMost(PATIENCE).until(() -> ours(cli, "kms-wrapping").contains("PREPARED"));

            HttpResponse<String> called = cli.post("/v1/keys/kms-wrapping/compromise", "{\"mode\":\"drill\"}");
            assertThat(called.statusCode()).as(called.body()).isEqualTo(202);
            String report =
                    "/v1/compromises/" + JSON.readTree(called.body()).path("id").asString();
            await().atMost(Duration.ofSeconds(40))
                    .until(() -> JSON.readTree(cli.get(report).body())
                            .path("finished")
                            .asBoolean());
            JsonNode done = JSON.readTree(cli.get(report).body());
            assertThat(done.path("owed")).as(done.toString()).isEmpty();
            assertThat(done.path("sessions_ended").asInt())
                    .as("the CA's key was wrapped anew")
                    .isEqualTo(1);
            assertThat(wrappedUnder(state)).isEqualTo(3);
            assertThat(kms.versions(KeyName.wrapping("platform-ca"))).isEqualTo(new KeyVersions(3, 3));
        }
    }

    /// States of this service's own keys that may be used.
    private static Set<String> ours(ServiceClient cli, String keyClass) throws Exception {
        Set<String> states = new HashSet<>();
        for (JsonNode key : JSON.readTree(cli.get("/v1/keys").body()).path("keys")) {
            String state = key.path("state").asString();
            if (key.path("class").asString().equals(keyClass)
                    && key.path("owner").asString().endsWith("/key-rotation-service")
                    && Set.of("ACTIVE", "PREPARED").contains(state)) {
                states.add(state);
            }
        }
        return states;
    }

    private static int wrappedUnder(Path state) throws IOException {
        return WrappedValue.versionOf(Base64.getDecoder()
                .decode(JSON.readTree(Files.readAllBytes(state)).path("key").asString()));
    }

    /// When the TLS session began that a new connection has: its own, or one that it resumed.
    private long sessionOf(SSLContext tls) throws IOException {
        try (SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket("localhost", port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write("GET /v1/keys HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 200");
            return socket.getSession().getCreationTime();
        }
    }
}

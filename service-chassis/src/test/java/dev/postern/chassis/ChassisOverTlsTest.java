package dev.postern.chassis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.postern.identity.WorkloadIdentity;
import dev.postern.trust.KeyStates;
import dev.postern.trust.OwnTrustFeed;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

@SpringBootTest(classes = SampleService.class, webEnvironment = WebEnvironment.RANDOM_PORT)
@ExtendWith(OutputCaptureExtension.class)
final class ChassisOverTlsTest {
    private static final WorkloadIdentity RELAY =
            SampleService.AUTHORITY.identityOf(SampleService.DOMAIN.idOf("inference-relay"));
    private static final WorkloadIdentity MONITOR =
            SampleService.AUTHORITY.identityOf(SampleService.DOMAIN.idOf("operator/monitor"));
    private static final WorkloadIdentity OPERATOR =
            SampleService.AUTHORITY.identityOf(SampleService.DOMAIN.idOf("operator/cli"));
    private static final WorkloadIdentity STRANGER =
            SampleService.AUTHORITY.identityOf(SampleService.DOMAIN.idOf("some-service"));

    /// Of what the feed says of keys: older ones count for nothing.
    private static final AtomicInteger VERSIONS = new AtomicInteger();

    @TempDir
    static Path home;

    @LocalServerPort
    int port;

    @Autowired
    OwnTrustFeed feed;

    @LocalManagementPort
    int managementPort;

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        registry.add("postern.home", home::toString);
        registry.add("postern.endpoints.audit", () -> "https://localhost:1");
    }

    @Test
    void peerIsWhoeverTlsProved() throws Exception {
        HttpResponse<String> answer = get(RELAY.sslContext(), port, "/for-the-relay");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("spiffe://postern.local/service/inference-relay");
    }

    @Test
    void anotherServicesCertificateIsRefused() throws Exception {
        HttpResponse<String> answer = get(STRANGER.sslContext(), port, "/for-the-relay");

        assertProblem(answer, 403, "peer-not-allowed");
    }

    @Test
    void noCertificateIsRefused() throws Exception {
        assertProblem(get(trustOnly(), port, "/for-the-relay"), 401, "client-certificate-required");
    }

    @Test
    void defectsAnswerWithoutTextAndLogWithoutMessage(CapturedOutput output) throws Exception {
        HttpResponse<String> answer = get(trustOnly(), port, "/breaks");

        assertProblem(answer, 500, "internal");
        assertThat(answer.body()).doesNotContain("secret");
        assertThat(output.getAll())
                .contains("unexpected failure")
                .contains("java.lang.IllegalStateException")
                .contains("SampleService")
                .doesNotContain("secret text");
    }

    @Test
    void unknownPathsAndMethodsAndBodiesAreProblems() throws Exception {
        assertProblem(get(trustOnly(), port, "/nowhere"), 404, "not-found");
        assertProblem(send(trustOnly(), request(port, "/numbers")), 405, "method-not-allowed");
        assertProblem(get(trustOnly(), port, "/doubled?number=x"), 400, "malformed");
        assertProblem(get(trustOnly(), port, "/doubled"), 400, "malformed");
        HttpRequest.Builder malformed = request(port, "/numbers").POST(BodyPublishers.ofString("[1,"));
        assertProblem(send(trustOnly(), malformed.header("Content-Type", "application/json")), 400, "malformed");
    }

    @Test
    void managementAsksForACertificateAndServesMetricsOfIdentityAndAudit() throws Exception {
        assertThatThrownBy(() -> get(trustOnly(), managementPort, "/actuator/health"))
                .isInstanceOf(IOException.class);
        assertThat(get(MONITOR.sslContext(), managementPort, "/actuator/health/readiness")
                        .statusCode())
                .isEqualTo(200);
        assertThat(get(MONITOR.sslContext(), managementPort, "/actuator/env").statusCode())
                .isEqualTo(404);
        assertThat(get(MONITOR.sslContext(), managementPort, "/actuator/prometheus")
                        .body())
                .contains("postern_identity_certificate_remaining_seconds{service=\"redaction-service\"}")
                .contains("postern_audit_spool_writable");
    }

    @Test
    void renewedCertificateIsServedWithoutARestart() {
        BigInteger first = serial(port);
        BigInteger firstOfManagement = serial(managementPort);

        await().atMost(Duration.ofSeconds(20)).until(() -> !serial(port).equals(first));
        await().atMost(Duration.ofSeconds(5))
                .until(() -> !serial(managementPort).equals(firstOfManagement));
    }

    @Test
    void managementIsForTheOperatorAndTheMonitorAndOnlyTheOperatorChangesAnything() throws Exception {
        assertThat(get(RELAY.sslContext(), managementPort, "/actuator/health").statusCode())
                .isEqualTo(403);
        assertThat(get(STRANGER.sslContext(), managementPort, "/actuator/prometheus")
                        .statusCode())
                .isEqualTo(403);
        HttpRequest.Builder renewal = request(managementPort, "/actuator/identity")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}"));
        assertThat(send(MONITOR.sslContext(), renewal).statusCode()).isEqualTo(403);
        assertThat(send(RELAY.sslContext(), renewal).statusCode()).isEqualTo(403);

        HttpResponse<String> renewed = send(OPERATOR.sslContext(), renewal);
        assertThat(renewed.statusCode()).isEqualTo(200);
        assertThat(renewed.body())
                .contains("\"serial\":\"" + serial(managementPort).toString(16) + "\"");
    }

    @Test
    void aDeniedCallerIsRefusedOnTheConnectionThatItHas() throws Exception {
        try (WorkloadIdentity relay = SampleService.AUTHORITY.identityOf(SampleService.DOMAIN.idOf("inference-relay"));
                HttpClient client =
                        HttpClient.newBuilder().sslContext(relay.sslContext()).build()) {
            HttpRequest request = request(port, "/for-the-relay").build();
            assertThat(client.send(request, BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);

            feed.apply(List.of(new KeyStates(
                    VERSIONS.incrementAndGet(),
                    Map.of(
                            relay.current().leaf().getSerialNumber().toString(16),
                            KeyStates.State.COMPROMISED,
                            "a-key-of-another-class",
                            KeyStates.State.COMPROMISED))));
            HttpResponse<String> refused = client.send(request, BodyHandlers.ofString());
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.headers().firstValue("Connection")).contains("close");
        }
    }

    @Test
    void aDeniedCallerIsRefusedInTheHandshakeOfBothPortsAndResumesNothing() throws Exception {
        try (WorkloadIdentity monitor =
                        SampleService.AUTHORITY.identityOf(SampleService.DOMAIN.idOf("operator/monitor"));
                HttpClient client =
                        HttpClient.newBuilder().sslContext(monitor.sslContext()).build()) {
            // With a session that could be resumed.
            assertThat(client.send(
                                    request(managementPort, "/actuator/health/readiness")
                                            .build(),
                                    BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);

            feed.apply(List.of(new KeyStates(
                    VERSIONS.incrementAndGet(),
                    Map.of(monitor.current().leaf().getSerialNumber().toString(16), KeyStates.State.COMPROMISED))));

            for (int listener : new int[] {port, managementPort}) {
                // What could be resumed is gone milliseconds later.
                await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> refusedInTheHandshake(monitor, listener));
            }
            assertThat(get(MONITOR.sslContext(), managementPort, "/actuator/health/readiness")
                            .statusCode())
                    .as("another certificate of the same name")
                    .isEqualTo(200);
        }
    }

    @Test
    void aConnectionEndsWithTheFirstAnswerAfterARenewalAndNoRequestFails() throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().sslContext(RELAY.sslContext()).build()) {
            HttpRequest request = request(port, "/for-the-relay").build();
            // From one renewal to the next: before the first one there may be no time for a second request.
            var _ = untilRenewed(client, request, served(client.send(request, BodyHandlers.ofString())));
            BigInteger first = served(client.send(request, BodyHandlers.ofString()));
            assertThat(untilRenewed(client, request, first)).isGreaterThan(1);
        }
    }

    /// How many requests it took, none of which failed.
    private static int untilRenewed(HttpClient client, HttpRequest request, BigInteger first) {
        AtomicInteger requests = new AtomicInteger();
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            requests.incrementAndGet();
            return !served(answer).equals(first);
        });
        return requests.get();
    }

    private static void refusedInTheHandshake(WorkloadIdentity caller, int port) throws IOException {
        try (SSLSocket socket =
                (SSLSocket) caller.sslContext().getSocketFactory().createSocket("localhost", port)) {
            // Its own part of TLS 1.3 ends before the server has seen the certificate.
            socket.startHandshake();
            socket.setSoTimeout(300);
            assertThatThrownBy(() -> socket.getInputStream().read())
                    .isInstanceOf(SSLException.class)
                    .hasMessageContaining("certificate_unknown");
        }
    }

    private static BigInteger served(HttpResponse<String> answer) throws IOException {
        return ((X509Certificate) answer.sslSession().orElseThrow().getPeerCertificates()[0]).getSerialNumber();
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.body()).contains("\"code\":\"" + code + "\"", "\"status\":" + status);
    }

    private static HttpResponse<String> get(SSLContext tls, int port, String path) throws Exception {
        return send(tls, request(port, path));
    }

    private static HttpRequest.Builder request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + port + path))
                .timeout(Duration.ofSeconds(10));
    }

    private static HttpResponse<String> send(SSLContext tls, HttpRequest.Builder request) throws Exception {
        try (HttpClient client = HttpClient.newBuilder().sslContext(tls).build()) {
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }

    /// Trusts the platform and presents nothing.
    private static SSLContext trustOnly() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(null, new TrustManager[] {RELAY.trustManager()}, new SecureRandom());
        return context;
    }

    private static BigInteger serial(int port) {
        try (SSLSocket socket =
                (SSLSocket) STRANGER.sslContext().getSocketFactory().createSocket("localhost", port)) {
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}

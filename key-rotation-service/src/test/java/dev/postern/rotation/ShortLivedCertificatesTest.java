package dev.postern.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postern.identity.WorkloadIdentity;
import java.io.IOException;
import java.math.BigInteger;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/// Certificates that live six seconds: both sides renew while the service runs.
@DirtiesContext
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "postern.ca.certificate-ttl=6s")
final class ShortLivedCertificatesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final AtomicReference<ServiceHome> HOME = new AtomicReference<>();

    @TempDir
    static Path directory;

    @LocalServerPort
    int port;

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        HOME.set(ServiceHome.prepare(directory, registry));
    }

    @Test
    void bothSidesRenewWithoutARestart() throws Exception {
        try (WorkloadIdentity gateway = ServiceClient.join(HOME.get(), "gateway-service", port)) {
            BigInteger joinedWith = gateway.current().leaf().getSerialNumber();
            BigInteger served = servedSerial(gateway);

            await().atMost(PATIENCE).until(() -> !servedSerial(gateway).equals(served));
            await().atMost(PATIENCE).until(() -> gateway.renewals() >= 2);
            assertThat(gateway.current().leaf().getSerialNumber()).isNotEqualTo(joinedWith);
            assertThat(gateway.renewalFailures()).isZero();

            try (ServiceClient client = new ServiceClient(port, gateway.sslContext())) {
                HttpResponse<String> answer = client.get("/v1/directory?applied=0&instance=" + client.instance);
                assertThat(answer.statusCode()).isEqualTo(200);
            }
        }
    }

    /// A new handshake each time: a context of its own knows no session to resume.
    private BigInteger servedSerial(WorkloadIdentity trusting) throws Exception {
        SSLContext tls = SSLContext.getInstance("TLSv1.3");
        tls.init(null, new TrustManager[] {trusting.trustManager()}, new SecureRandom());
        try (SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket("localhost", port)) {
            socket.startHandshake();
            return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}

package dev.postern.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.operator.PemIdentity;
import dev.postern.cli.platform.Platform;
import dev.postern.cli.platform.PlatformService;
import dev.postern.system.SystemPlatform.Running;
import java.io.IOException;
import java.math.BigInteger;
import java.net.http.HttpResponse;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Certificates that live half a minute are renewed while requests run, and no request notices.
@Order(50)
@ExtendWith(SystemPlatform.class)
class RenewalTest {
    private static final Duration WATCHED = Duration.ofSeconds(45);

    @Test
    void certificatesWhenRenewedUnderLoadThenNoRequestFails(Running platform) throws Exception {
        Platform shortLived = platform.platform(Map.of("POSTERN_CA_CERTIFICATE_TTL", "30s"));
        shortLived.restart(PlatformService.ROTATION);
        for (PlatformService service : PlatformService.values()) {
            if (service != PlatformService.ROTATION) {
                shortLived.restart(service);
            }
        }
        Edge edge = new Edge(platform);
        Edge.await(
                "requests are served",
                () -> edge.chat(platform.token(), Canary.prompt("renewal")).statusCode() == 200);
        Set<BigInteger> gatewaySerials = new HashSet<>();
        Set<BigInteger> tokenSerials = new HashSet<>();
        int served = 0;
        Instant end = Instant.now().plus(WATCHED);
        while (Instant.now().isBefore(end)) {
            HttpResponse<String> answer = edge.chat(platform.token(), Canary.prompt("renewal"));
            assertThat(answer.statusCode()).as("request %d", served).isEqualTo(200);
            served++;
            gatewaySerials.add(certificate(platform, PlatformService.GATEWAY).getSerialNumber());
            tokenSerials.add(certificate(platform, PlatformService.TOKEN).getSerialNumber());
        }

        assertThat(gatewaySerials).hasSizeGreaterThan(1);
        assertThat(tokenSerials).hasSizeGreaterThan(1);
        assertThat(served).isGreaterThan(50);
    }

    private static X509Certificate certificate(Running platform, PlatformService service) throws IOException {
        try (SSLSocket socket = (SSLSocket) PemIdentity.trusting(platform.home().caCertificate())
                .getSocketFactory()
                .createSocket("localhost", platform.settings().ports().of(service))) {
            socket.setSoTimeout(10_000);
            socket.startHandshake();
            return (X509Certificate) socket.getSession().getPeerCertificates()[0];
        }
    }
}

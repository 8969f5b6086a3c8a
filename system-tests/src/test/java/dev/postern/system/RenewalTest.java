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
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Certificates that live half a minute are renewed while requests run, and no request notices.
@Order(50)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@ExtendWith(SystemPlatform.class)
class RenewalTest {
    private static final List<PlatformService> WATCHED =
            List.of(PlatformService.GATEWAY, PlatformService.TOKEN, PlatformService.ROTATION, PlatformService.AUDIT);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @Test
    void certificatesWhenRenewedUnderLoadThenNoRequestFails(Running platform) throws Exception {
        shortenCertificates(platform);
        Edge edge = new Edge(platform);
        Edge.await(
                "requests are served",
                () -> edge.chat(platform.token(), Canary.prompt("renewal")).statusCode() == 200);
        Map<PlatformService, Set<BigInteger>> serials = new EnumMap<>(PlatformService.class);
        int served = 0;
        Instant end = Instant.now().plus(PATIENCE);
        while (!renewedTwice(serials)) {
            assertThat(Instant.now()).as("seen %s", serials).isBefore(end);
            HttpResponse<String> answer = edge.chat(platform.token(), Canary.prompt("renewal"));
            assertThat(answer.statusCode()).as("request %d", served).isEqualTo(200);
            served++;
            for (PlatformService service : WATCHED) {
                serials.computeIfAbsent(service, _ -> new HashSet<>())
                        .add(certificate(platform, service).getSerialNumber());
            }
        }

        // By now every connection inside the platform outlived the certificate it began with.
        assertThat(served).isGreaterThan(50);
    }

    private static boolean renewedTwice(Map<PlatformService, Set<BigInteger>> serials) {
        return WATCHED.stream()
                .allMatch(service -> serials.getOrDefault(service, Set.of()).size() > 2);
    }

    /// The restart test leaves short certificates behind; alone, this test has to ask for them.
    private static void shortenCertificates(Running platform) throws Exception {
        Platform shortLived = platform.shortLived();
        for (PlatformService service : PlatformService.values()) {
            boolean longLived = certificate(platform, WATCHED.contains(service) ? service : PlatformService.GATEWAY)
                    .getNotAfter()
                    .toInstant()
                    .isAfter(Instant.now().plus(Duration.ofMinutes(5)));
            if (longLived) {
                shortLived.restart(service);
            }
        }
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

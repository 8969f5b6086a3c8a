package dev.postern.auditing;

import static dev.postern.auditing.sequence.Events.events;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.auditing.syslog.TestCollector;
import dev.postern.identity.WorkloadIdentity;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The whole service, and a collector with a certificate of the platform that comes after it.
@Timeout(60)
final class SyslogServiceTest {
    @TempDir
    Path home;

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void collectorWhenConfiguredThenGetsEventsAndItsLagIsMeasured() throws Exception {
        int port = freePort();
        try (RunningService service = RunningService.start(
                        home,
                        List.of(
                                "--postern.audit.syslog.host=localhost",
                                "--postern.audit.syslog.port=" + port,
                                "--postern.audit.syslog.server=spiffe://postern.local/service/siem",
                                "--postern.audit.syslog.linger=50ms"));
                Caller producer = service.caller(service.identity("token-service"));
                WorkloadIdentity siem = service.identity("siem")) {
            assertThat(producer.post(ServiceFixture.batch(events("token-service", 1, 3)))
                            .statusCode())
                    .isEqualTo(200);
            MeterRegistry metrics = service.bean(MeterRegistry.class);
            while (metrics.get("postern.audit.export.failures")
                            .functionCounter()
                            .count()
                    < 1) {
                Thread.onSpinWait();
            }
            try (TestCollector collector = TestCollector.start(siem, port)) {
                while (metrics.get("postern.audit.export.events")
                                        .functionCounter()
                                        .count()
                                < 3
                        || metrics.get("postern.audit.export.behind").gauge().value() > 0) {
                    Thread.onSpinWait();
                }
                assertThat(collector.messages())
                        .filteredOn(
                                message -> message.contains("sourceServiceName=spiffe://postern.local/service/token-"))
                        .hasSizeGreaterThanOrEqualTo(3)
                        .allMatch(message -> message.contains(" postern postern-audit - "));
            }
        }
        assertThat(Files.readString(home.resolve("data/audit/export/syslog"))).matches("[0-9]{4}w[0-9]{2}:[0-9]+\n");
    }
}

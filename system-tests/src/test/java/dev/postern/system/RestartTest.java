package dev.postern.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.platform.Platform;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.terminal.Failure;
import dev.postern.system.SystemPlatform.Running;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Each service is killed and started again while clients work. Requests may fail meanwhile; what was acknowledged
/// stays in the log.
///
/// The client asks again a moment after an answer, and a longer one after a refusal, as any client does: at once, it
/// would take the processors with which the service starts.
@Order(40)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@ExtendWith(SystemPlatform.class)
class RestartTest {
    private static final Duration AFTER_AN_ANSWER = Duration.ofMillis(25);
    private static final Duration AFTER_A_REFUSAL = Duration.ofMillis(100);

    @Test
    void servicesWhenKilledInTurnThenNoAcknowledgedEventIsLost(Running platform) throws Exception {
        Queue<String> acknowledged = new ConcurrentLinkedQueue<>();
        AtomicInteger served = new AtomicInteger();
        AtomicBoolean enough = new AtomicBoolean();
        Edge edge = new Edge(platform);
        Thread load = Thread.ofVirtual().start(() -> work(platform, edge, enough, acknowledged, served));
        try {
            // With short certificates, which the renewal test then watches: another round of restarts is spared.
            Platform shortLived = platform.shortLived();
            for (PlatformService service : PlatformService.values()) {
                shortLived.process(service.artifact()).kill();
                shortLived.restart(service);
                int before = served.get();
                Edge.await("requests are served after " + service.artifact(), () -> served.get() > before + 3);
            }
        } finally {
            enough.set(true);
            load.join();
        }

        AuditLog audit = new AuditLog(platform);
        assertThat(acknowledged).hasSizeGreaterThan(20);
        Edge.await(
                "every token that a client holds is in the log",
                () -> audit.issuedTokenIds().containsAll(acknowledged));
        audit.verify();
    }

    private static void work(
            Running platform, Edge edge, AtomicBoolean enough, Queue<String> acknowledged, AtomicInteger served) {
        while (!enough.get()) {
            try {
                String token = platform.token();
                acknowledged.add(AuditLog.tokenId(token));
                if (edge.chat(token, Canary.prompt("restart")).statusCode() == 200) {
                    served.incrementAndGet();
                    LockSupport.parkNanos(AFTER_AN_ANSWER.toNanos());
                    continue;
                }
            } catch (Failure _) {
                // a service is down at this moment: that is the point
            } catch (InterruptedException _) {
                return;
            }
            LockSupport.parkNanos(AFTER_A_REFUSAL.toNanos());
        }
    }
}

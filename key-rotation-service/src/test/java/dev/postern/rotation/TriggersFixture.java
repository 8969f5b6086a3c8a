package dev.postern.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postern.audit.AuditEvent;
import dev.postern.audit.KeySuspected;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.rotation.ledger.AuditLine;
import dev.postern.rotation.ledger.KeyLedger;
import dev.postern.rotation.lifecycle.KeyClass;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/// The whole service over TLS, with what it puts on record about suspicions.
@DirtiesContext
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@Import(TriggersFixture.Overheard.class)
@SuppressWarnings("NullAway.Init")
abstract class TriggersFixture {
    private static final AtomicReference<ServiceHome> HOME = new AtomicReference<>();
    static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    static Path directory;

    @LocalServerPort
    int port;

    @Autowired
    KeyLedger ledger;

    @Autowired
    Overheard overheard;

    @Autowired
    MeterRegistry meters;

    StolenKeys keys;

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        HOME.set(ServiceHome.prepare(directory, registry));
        registry.add("postern.tokens.clock-skew", () -> StolenKeys.SKEW.toSeconds() + "s");
        registry.add("postern.rotation.classes.token-signing.verification-window", () -> "3s");
        registry.add("postern.rotation.classes.token-signing.consumer-window", () -> "2s");
    }

    /// Listens in on what goes to the audit log.
    @TestConfiguration(proxyBeanMethods = false)
    static class Overheard {
        final List<AuditEvent> events = new CopyOnWriteArrayList<>();

        @Bean
        BeanPostProcessor listening() {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    return bean instanceof AuditLine line
                            ? (AuditLine) event -> {
                                events.add(event);
                                line.recordDurably(event);
                            }
                            : bean;
                }
            };
        }
    }

    @BeforeEach
    void begin() {
        keys = new StolenKeys(HOME.get(), port);
        keys.ready();
    }

    @AfterEach
    void end() {
        keys.close();
    }

    WorkloadIdentity join(String workload) {
        return ServiceClient.join(HOME.get(), workload, port);
    }

    List<KeySuspected> suspected() {
        return overheard.events.stream()
                .filter(KeySuspected.class::isInstance)
                .map(KeySuspected.class::cast)
                .toList();
    }

    double counted(String trigger, String action) {
        return meters.counter("postern.keys.suspicions", "class", "token-signing", "trigger", trigger, "action", action)
                .count();
    }

    String state(String kid) {
        return ledger.ring().find(kid).orElseThrow().state().label();
    }

    /// Replaces the active key.
    ///
    /// @return its id
    String rotate() throws Exception {
        String old = keys.activeId();
        var _ = ledger.rotate(KeyClass.TOKEN_SIGNING, Optional.empty(), "operator", PATIENCE);
        return old;
    }

    /// Waits until nothing honest is signed with a key, by any clock.
    void awaitGivenUp(String kid) {
        await().atMost(PATIENCE)
                .until(() -> ledger.relinquished(kid)
                        .filter(given -> Clock.systemUTC()
                                .instant()
                                .isAfter(given.plus(StolenKeys.SKEW).plusSeconds(1)))
                        .isPresent());
    }

    void assertSuspected(String kid, String trigger, String action) {
        await().atMost(PATIENCE).until(() -> !suspected().isEmpty());
        assertThat(suspected()).singleElement().satisfies(event -> {
            assertThat(event.keyId()).isEqualTo(kid);
            assertThat(event.trigger()).isEqualTo(trigger);
            assertThat(event.action()).isEqualTo(action);
            assertThat(event.reportedBy()).isEqualTo("spiffe://postern.local/service/gateway-service");
        });
        // Counted once it is done, a moment after it is on record.
        await().atMost(PATIENCE).until(() -> counted(trigger, action) == 1);
    }
}

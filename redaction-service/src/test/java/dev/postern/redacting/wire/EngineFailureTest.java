package dev.postern.redacting.wire;

import static dev.postern.redacting.wire.TestRelay.event;
import static dev.postern.redacting.wire.TestRelay.prompt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.AuditSettings;
import dev.postern.audit.AuditTrail;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.redact.detection.Detection;
import dev.postern.redact.policy.Plan;
import dev.postern.redacting.TestPlatform;
import dev.postern.redacting.answer.AnswerPolicy;
import dev.postern.redacting.engine.EngineSettings;
import dev.postern.redacting.engine.RedactionEngine;
import dev.postern.redacting.engine.Terms;
import dev.postern.redacting.pseudonym.ConversationVault;
import dev.postern.redacting.pseudonym.RootStore;
import dev.postern.redacting.pseudonym.VaultSettings;
import dev.postern.redaction.v1.Reply.StepCase;
import dev.postern.test.MutableClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.unit.DataSize;

/// The server without Spring, around an engine that breaks on demand.
@ExtendWith(OutputCaptureExtension.class)
final class EngineFailureTest {
    private static final WorkloadIdentity RELAY = TestPlatform.identity("inference-relay");
    private static final WireProperties PROPERTIES =
            new WireProperties("127.0.0.1", 0, 2, Duration.ofMinutes(1), DataSize.ofMegabytes(4), Duration.ofHours(1));

    private static final Detection DETECTION = Detection.standard();
    private static final Terms TERMS = Terms.of(Plan.standard(DETECTION.entities()), DETECTION, AnswerPolicy.KEEP_ALL);

    @TempDir
    Path spool;

    private final MutableClock clock = MutableClock.atNoon();
    private AuditTrail trail;
    private ExchangeService service;
    private RedactionServer server;

    @BeforeEach
    void start() {
        WorkloadIdentity identity = TestPlatform.identity("redaction-service");
        RedactionEngine engine = new RedactionEngine(
                new ConversationVault(
                        new VaultSettings(Duration.ofMinutes(10), Duration.ofDays(1), 10, 100, 1000),
                        RootStore.none(),
                        new SecureRandom(),
                        clock),
                (_, _) -> TERMS,
                new EngineSettings(1 << 20, 1 << 20));
        ExchangeOpener opener = prompt -> {
            String body = new String(prompt.body(), StandardCharsets.UTF_8);
            if (body.contains("break")) {
                throw new IllegalStateException("broke on " + body);
            }
            if (body.contains("slow")) {
                clock.advance(Duration.ofSeconds(5));
            }
            if (body.contains("overflow")) {
                throw new StackOverflowError(body);
            }
            return engine.open(prompt);
        };
        trail = AuditTrail.open(
                AuditSettings.of(identity.current().spiffeId(), spool, URI.create("https://localhost:1")),
                HttpClient.newHttpClient(),
                Clock.systemUTC());
        service = new ExchangeService(opener, PROPERTIES, new ExchangeMetrics(new SimpleMeterRegistry()), clock);
        server = new RedactionServer(PROPERTIES, identity, service, trail);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop();
        trail.close();
    }

    @Test
    void engineThatThrowsFailsItsExchangeClosedAndTheStreamLives(CapturedOutput output) throws Exception {
        try (TestRelay relay = TestRelay.as(RELAY, server.port())) {
            relay.send(prompt(1, "{\"secret\":\"break\"}"), prompt(2, "{\"secret\":\"overflow\"}"), prompt(3, "{}"));
            assertThat(relay.reply().getRefused().getCode()).isEqualTo("internal");
            assertThat(relay.reply().getRefused().getCode()).isEqualTo("internal");
            assertThat(relay.reply().getStepCase()).isEqualTo(StepCase.PROMPT);
            relay.send(event(3, "no json", false), event(3, "{}", false));
            assertThat(relay.reply().getRefused().getCode()).isEqualTo("malformed");
            assertThat(relay.reply().getRefused().getCode()).isEqualTo("unknown-exchange");
        }
        assertThat(output.getAll()).contains("IllegalStateException").doesNotContain("broke on", "{\"secret\"");
    }

    @Test
    void openExchangesAreBoundedAndIdleOnesMakeRoom() throws Exception {
        try (TestRelay relay = TestRelay.as(RELAY, server.port())) {
            relay.send(prompt(1, "{}"), prompt(2, "{}"), prompt(3, "{}"));
            assertThat(relay.reply().getStepCase()).isEqualTo(StepCase.PROMPT);
            assertThat(relay.reply().getStepCase()).isEqualTo(StepCase.PROMPT);
            assertThat(relay.reply().getRefused().getCode()).isEqualTo("overloaded");
            clock.advance(Duration.ofMinutes(2));
            relay.send(prompt(4, "{}"));
            assertThat(relay.reply().getStepCase()).isEqualTo(StepCase.PROMPT);
            assertThat(service.openExchanges()).isEqualTo(1);
        }
    }

    /// The relay has told its client already, so nobody would take the reply.
    @Test
    void promptWhoseTimeIsOverBeforeItsTurnIsNotRedacted() throws Exception {
        try (TestRelay relay = TestRelay.as(RELAY, server.port())) {
            relay.send(
                    prompt(1, "{\"x\":\"slow\"}", Duration.ofSeconds(20)),
                    prompt(2, "{\"x\":\"break\"}", Duration.ofSeconds(5)),
                    prompt(3, "{}", Duration.ofMillis(5_001)));
            assertThat(relay.reply().getStepCase()).isEqualTo(StepCase.PROMPT);
            assertThat(relay.reply().getRefused().getCode()).isEqualTo("too-late");
            assertThat(relay.reply().getStepCase()).isEqualTo(StepCase.PROMPT);
        }
    }

    @Test
    void exchangeEndsWithItsDeadline() throws Exception {
        try (TestRelay relay = TestRelay.as(RELAY, server.port())) {
            relay.send(prompt(1, "{}", Duration.ofSeconds(20)), prompt(2, "{}"));
            assertThat(relay.reply().getStepCase()).isEqualTo(StepCase.PROMPT);
            assertThat(relay.reply().getStepCase()).isEqualTo(StepCase.PROMPT);
            clock.advance(Duration.ofMillis(19_999));
            relay.send(event(1, "{}", false));
            assertThat(relay.reply().getStepCase()).isEqualTo(StepCase.ANSWER);
            clock.advance(Duration.ofMillis(1));
            relay.send(event(1, "{}", false), event(2, "{}", false));
            assertThat(relay.reply().getRefused().getCode()).isEqualTo("unknown-exchange");
            assertThat(relay.reply().getStepCase()).as("without one").isEqualTo(StepCase.ANSWER);
        }
    }

    /// Also when its relay never says another word of it.
    @Test
    void exchangeWhoseDeadlineIsOverIsForgotten() throws Exception {
        try (TestRelay relay = TestRelay.as(RELAY, server.port())) {
            relay.send(prompt(1, "{}", Duration.ofSeconds(20)), prompt(2, "{}"));
            assertThat(relay.reply().getStepCase()).isEqualTo(StepCase.PROMPT);
            assertThat(relay.reply().getStepCase()).isEqualTo(StepCase.PROMPT);
            clock.advance(Duration.ofSeconds(20));
            assertThat(service.openExchanges()).isEqualTo(2);
            service.forgetOver();
            assertThat(service.openExchanges()).isEqualTo(1);
        }
    }
}

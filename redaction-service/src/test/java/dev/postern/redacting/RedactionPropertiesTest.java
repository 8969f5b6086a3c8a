package dev.postern.redacting;

import static dev.postern.redacting.answer.AnswerPolicy.Treatment.KEEP;
import static dev.postern.redacting.answer.AnswerPolicy.Treatment.REDACT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.redact.scan.ScannerChoice;
import dev.postern.redacting.policy.PolicyProperties;
import dev.postern.redacting.rest.RestProperties;
import dev.postern.redacting.wire.WireProperties;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

final class RedactionPropertiesTest {
    @Test
    void defaults() {
        assertThat(bind(Map.of()))
                .isEqualTo(new RedactionProperties(
                        DataSize.ofMegabytes(1),
                        DataSize.ofMegabytes(8),
                        RedactionProperties.VaultKind.MEMORY,
                        Duration.ofHours(1),
                        Duration.ofDays(7),
                        10_000,
                        2_000,
                        60_000,
                        ScannerChoice.AUTO,
                        List.of(),
                        new RedactionProperties.Names(new RedactionProperties.Onnx(null)),
                        new RedactionProperties.Answers(REDACT, KEEP, KEEP)));
        WireProperties wire = binder(Map.of()).bindOrCreate("postern.redaction.wire", WireProperties.class);
        assertThat(wire.port()).isEqualTo(8645);
        assertThat(wire.address()).isEqualTo("127.0.0.1");
    }

    @Test
    void defaultsOfPoliciesAndRest() {
        assertThat(binder(Map.of()).bindOrCreate("postern.redaction.policies", PolicyProperties.class))
                .isEqualTo(new PolicyProperties(
                        Duration.ofMillis(500),
                        Duration.ofMinutes(10),
                        DataSize.ofKilobytes(64),
                        DataSize.ofKilobytes(512)));
        assertThat(binder(Map.of()).bindOrCreate("postern.redaction.rest", RestProperties.class))
                .isEqualTo(new RestProperties(DataSize.ofMegabytes(1), 256));
    }

    @Test
    void policiesThatCountForEverOrThatNobodyCouldKeepCannotBeConfigured() {
        for (Map<String, String> wrong : List.of(
                Map.of("postern.redaction.policies.reload", "31s"),
                Map.of("postern.redaction.policies.reload", "1ms"),
                Map.of("postern.redaction.policies.stale-after", "1s"),
                Map.of("postern.redaction.policies.largest-set", "1MB"),
                Map.of("postern.redaction.policies.largest-document", "513KB"))) {
            assertThatThrownBy(() -> binder(wrong).bindOrCreate("postern.redaction.policies", PolicyProperties.class))
                    .as("%s", wrong)
                    .isInstanceOf(BindException.class);
        }
        assertThatThrownBy(() -> binder(Map.of("postern.redaction.rest.most-texts", "0"))
                        .bindOrCreate("postern.redaction.rest", RestProperties.class))
                .isInstanceOf(BindException.class);
    }

    @Test
    void propertyNames() {
        RedactionProperties properties = bind(Map.ofEntries(
                Map.entry("postern.redaction.largest-prompt", "2MB"),
                Map.entry("postern.redaction.largest-answer", "3MB"),
                Map.entry("postern.redaction.vault", "redis"),
                Map.entry("postern.redaction.conversation-idle", "5m"),
                Map.entry("postern.redaction.conversation-lifetime", "2d"),
                Map.entry("postern.redaction.conversations", "7"),
                Map.entry("postern.redaction.values-per-conversation", "8"),
                Map.entry("postern.redaction.values", "9"),
                Map.entry("postern.redaction.scanner", "portable"),
                Map.entry("postern.redaction.packs", "/packs/staff.yml,/packs/parts.yml"),
                Map.entry("postern.redaction.names.onnx.model", "/models/names"),
                Map.entry("postern.redaction.answers.secrets", "keep"),
                Map.entry("postern.redaction.answers.personal-data", "redact"),
                Map.entry("postern.redaction.answers.names", "redact")));
        assertThat(properties)
                .isEqualTo(new RedactionProperties(
                        DataSize.ofMegabytes(2),
                        DataSize.ofMegabytes(3),
                        RedactionProperties.VaultKind.REDIS,
                        Duration.ofMinutes(5),
                        Duration.ofDays(2),
                        7,
                        8,
                        9,
                        ScannerChoice.PORTABLE,
                        List.of(Path.of("/packs/staff.yml"), Path.of("/packs/parts.yml")),
                        new RedactionProperties.Names(new RedactionProperties.Onnx(Path.of("/models/names"))),
                        new RedactionProperties.Answers(KEEP, REDACT, REDACT)));
        assertThat(properties.detection().packs()).hasSize(2);
    }

    @Test
    void promptsBeyondTheMessageLimitCannotBeConfigured() {
        assertThatThrownBy(() -> bind(Map.of("postern.redaction.largest-prompt", "64MB")))
                .isInstanceOf(BindException.class)
                .hasStackTraceContaining("at most 8MB");
    }

    private static RedactionProperties bind(Map<String, String> properties) {
        return binder(properties).bindOrCreate("postern.redaction", RedactionProperties.class);
    }

    private static Binder binder(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties));
    }
}

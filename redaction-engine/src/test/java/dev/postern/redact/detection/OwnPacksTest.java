package dev.postern.redact.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.redact.entity.Span;
import dev.postern.redact.pack.InvalidRulePack;
import dev.postern.redact.scan.Selection;
import dev.postern.redact.stream.Opaque;
import dev.postern.redact.stream.RedactingStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init")
final class OwnPacksTest {
    private static final String STAFF = """
            entities: {STAFF_NUMBER: {kind: STAFF, action: pseudonymise}}
            keys: {STAFF_NUMBER: [%s]}
            rules:
              - id: staff-number
                entity: STAFF_NUMBER
                pattern: 'EMP-\\d{6}'
                score: 0.9
                examples: ['is «%s» here']
                counter-examples: ['%s']
            """;

    @TempDir
    Path folder;

    @Test
    void valuesOfOnesOwnAreFoundInTextsUnderKeysAndInStreams() throws IOException {
        Detection detection = with(STAFF.formatted("staff no", "EMP-004711", "EMP-1"));
        String text = "Ask EMP-123456 or jane@example.org.";
        assertThat(detection.detect(text, "").stream().map(span -> span.entity().name()))
                .containsExactly("STAFF_NUMBER", "EMAIL");
        assertThat(detection.detect("4711", "staffNo"))
                .singleElement()
                .satisfies(span -> assertThat(span.entity().name()).isEqualTo("STAFF_NUMBER"));
        RedactingStream stream = detection
                .streams(Selection.of(entity -> entity.name().equals("STAFF_NUMBER")))
                .open("", Opaque.NOTHING, entity -> "[" + entity.name() + "]");
        StringBuilder given = new StringBuilder();
        text.chars().forEach(c -> given.append(stream.feed(String.valueOf((char) c))));
        assertThat(given.append(stream.finish())).hasToString("Ask [STAFF_NUMBER] or jane@example.org.");
    }

    @Test
    void packsMayReferToThoseBeforeThem() throws IOException {
        Path staff = file("staff.yml", STAFF.formatted("staff no", "EMP-004711", "EMP-1"));
        Path more = file("more.yml", """
            rules: [{id: guest, entity: STAFF_NUMBER, pattern: 'GST-\\d{4}', score: 0.9, examples: ['«GST-0815»']}]
            """);
        List<Span> spans = Detection.standard(DetectionSettings.STANDARD.withPacks(List.of(staff, more)))
                .detect("GST-1234", "");
        assertThat(spans).hasSize(1);
        assertThatThrownBy(() -> Detection.standard(DetectionSettings.STANDARD.withPacks(List.of(more, staff))))
                .isInstanceOf(InvalidRulePack.class)
                .hasMessageContaining("more.yml")
                .hasMessageContaining("STAFF_NUMBER");
    }

    @Test
    void packWhenItsRulesDoNotDoWhatTheySayThenRefusedByTheirNames() {
        assertThatThrownBy(() -> with(STAFF.formatted("staff no", "EMP-12", "EMP-1")))
                .isInstanceOf(InvalidRulePack.class)
                .hasMessage("rule staff-number does not find in its example 1 what « and » mark, and nothing else");
        assertThatThrownBy(() -> with(STAFF.formatted("staff no", "EMP-004711", "EMP-000001")))
                .isInstanceOf(InvalidRulePack.class)
                .hasMessage("rule staff-number finds something in its counter-example 1");
    }

    /// Or a pack could let passwords through.
    @Test
    void packWhenItChangesWhatIsThereThenRefused() {
        assertThatThrownBy(() -> with(STAFF.formatted("password", "EMP-004711", "EMP-1")))
                .hasMessageContaining("own.yml")
                .hasMessageContaining("the key \"password\" means an entity already");
        assertThatThrownBy(() -> with("entities: {EMAIL: {action: keep}}"))
                .hasMessageContaining("EMAIL is defined twice");
    }

    @Test
    void packWhenItCannotBeReadThenNamed() {
        Path none = folder.resolve("none.yml");
        assertThatThrownBy(() -> Detection.standard(DetectionSettings.STANDARD.withPacks(List.of(none))))
                .isInstanceOf(InvalidRulePack.class)
                .hasMessageContaining("none.yml cannot be read");
        assertThatThrownBy(() -> with("# " + "x".repeat(70_000))).hasMessageContaining("larger than 65536 bytes");
    }

    private Detection with(String yaml) throws IOException {
        return Detection.standard(DetectionSettings.STANDARD.withPacks(List.of(file("own.yml", yaml))));
    }

    private Path file(String name, String yaml) throws IOException {
        return Files.writeString(folder.resolve(name), yaml);
    }
}

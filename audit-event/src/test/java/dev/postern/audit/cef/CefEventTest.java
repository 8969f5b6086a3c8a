package dev.postern.audit.cef;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.AuditEvent;
import dev.postern.audit.EventSamples;
import dev.postern.audit.envelope.EventEnvelope;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class CefEventTest {
    private static final String SOURCE = "spiffe://postern.local/service/token-service";

    private static String line(String type, Map<String, ?> data) {
        EventEnvelope event =
                new EventEnvelope(SOURCE, "00", "00.11.7", 7, type, Instant.parse("2026-11-26T09:00:00.123Z"), data);
        return CefEvent.of(event, "2026w48", 41, "0.1.0").line();
    }

    @Test
    void eventWhenRenderedThenHeaderPlaceAndFields() {
        assertThat(line("dev.postern.token.issued", Map.of("token_id", "jti-1", "scopes", List.of("a:b", "c"))))
                .isEqualTo("CEF:0|Postern|audit|0.1.0|dev.postern.token.issued|Authentication: Authentication Ticket|3|"
                        + "rt=1795683600123 externalId=00.11.7 cs1Label=logPlace cs1=2026w48:41 cat=3002"
                        + " outcome=success sourceServiceName=" + SOURCE
                        + " PosternScopes=a:b,c PosternTokenId=jti-1");
    }

    @Test
    void valueWhenItHasTheFormatsOwnSignsThenEscaped() {
        assertThat(line("dev.postern.a|b\\c\nd", Map.of("operation", "x=1\\y|z\nnext\rend\u00e4")))
                .contains("|dev.postern.a\\|b\\\\c d|")
                .endsWith("PosternOperation=x\\=1\\\\y|z\\nnext\\rend?")
                .doesNotContain("\n", "\r");
    }

    @Test
    void personWhenNamedThenHashedAndWorkloadsAreNot() {
        String line = line(
                "dev.postern.approval.decided",
                Map.of("actor", "security/bob", "requester", "alice@example.com", "decision", "approved"));
        assertThat(line)
                .doesNotContain("bob", "alice")
                .containsPattern("PosternActor=sha256:[0-9a-f]{16} ")
                .containsPattern("PosternRequester=sha256:[0-9a-f]{16}")
                .contains("PosternDecision=approved");
        assertThat(line("dev.postern.admin.changed", Map.of("actor", SOURCE))).contains("PosternActor=" + SOURCE);
    }

    @Test
    void textWhenAPersonWroteItOrItIsSealedThenItStays() {
        assertThat(line("dev.postern.hold.placed", Map.of("reason", "order of the court", "hold", "case-7")))
                .doesNotContain("court", "case-7");
        assertThat(line("dev.postern.approval.requested", Map.of("reason", "what Ann asked about her illness")))
                .doesNotContain("Ann");
        assertThat(line("dev.postern.new.type", Map.of("reason", "some words"))).doesNotContain("words");
        assertThat(line("dev.postern.archive.body-captured", Map.of("sealed", "c2VhbGVk")))
                .doesNotContain("c2VhbGVk");
        assertThat(line("dev.postern.request.rejected", Map.of("reason", "replayed")))
                .contains("PosternReason=replayed");
        assertThat(line("dev.postern.new.type", Map.of("never_heard_of", "secret")))
                .doesNotContain("secret");
    }

    @Test
    void eventWhenVeryLongThenCutAndItsPlaceKept() {
        Map<String, Object> data = new TreeMap<>();
        CefFields.AS_THEY_ARE.forEach(field -> data.put(field, Collections.nCopies(64, "v=".repeat(128))));
        String line = line("dev.postern.token.issued", data);
        assertThat(line.length()).isLessThanOrEqualTo(CefEvent.LONGEST);
        assertThat(line).contains("cs1=2026w48:41").endsWith(" PosternCut=true");
    }

    private static Stream<Class<?>> types() {
        return types(AuditEvent.class);
    }

    private static Stream<Class<?>> types(Class<?> type) {
        return type.isRecord()
                ? Stream.of(type)
                : Arrays.stream(type.getPermittedSubclasses()).flatMap(CefEventTest::types);
    }

    private static String field(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    /// A new event with a new field: say in [CefFields] whether it leaves.
    @ParameterizedTest
    @MethodSource("types")
    void everyFieldOfEveryEventLeavesOrIsSaidToStay(Class<?> type) {
        for (RecordComponent component : type.getRecordComponents()) {
            String field = field(component);
            boolean number = component.getType() == int.class || component.getType() == long.class;
            List<Set<String>> named = Stream.of(
                            CefFields.AS_THEY_ARE, CefFields.PERSONS, CefFields.STAY, Set.of(CefFields.REASON))
                    .filter(set -> set.contains(field))
                    .toList();
            assertThat(named).as(type + "." + field).hasSizeBetween(number ? 0 : 1, 1);
        }
    }

    /// A new event with a reason: say in [CefFields] whether it is a code.
    @Test
    void everyReasonIsEitherACodeOrInWords() {
        List<String> reasons = EventSamples.all().stream()
                .filter(event -> Arrays.stream(event.getClass().getRecordComponents())
                        .anyMatch(component -> field(component).equals(CefFields.REASON)))
                .map(AuditEvent::type)
                .toList();
        List<String> named = Stream.concat(CefFields.REASON_IS_A_CODE.stream(), CefFields.REASON_IN_WORDS.stream())
                .toList();
        assertThat(named).containsExactlyInAnyOrderElementsOf(reasons);
    }

    @Test
    void nothingIsNamedThatNoEventHas() {
        Set<String> fields = types().flatMap(type -> Arrays.stream(type.getRecordComponents()))
                .map(CefEventTest::field)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(fields).containsAll(CefFields.PERSONS).containsAll(CefFields.STAY);
        assertThat(fields).containsAll(CefFields.AS_THEY_ARE);
    }
}

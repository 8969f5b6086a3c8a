package dev.postern.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.audit.canonical.CanonicalJson;
import dev.postern.audit.canonical.NotCanonical;
import dev.postern.audit.envelope.EnvelopeParser;
import dev.postern.audit.envelope.EventEnvelope;
import dev.postern.audit.envelope.MalformedEnvelope;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class AuditEventTest {

    static Stream<AuditEvent> everyType() {
        return EventSamples.all().stream();
    }

    @Test
    void samplesCoverEveryType() {
        assertThat(EventSamples.all().stream().map(EventType::of)).containsExactlyInAnyOrder(EventType.values());
    }

    @ParameterizedTest
    @MethodSource
    void everyType(AuditEvent event) throws NotCanonical, MalformedEnvelope {
        EventEnvelope envelope = new EventEnvelope(
                "spiffe://postern.local/service/gateway-service",
                "00112233445566ff",
                "00112233445566ff.0badcafe.1",
                1,
                event.type(),
                Instant.parse("2026-11-23T12:00:00.007Z"),
                EventFields.of(event));
        byte[] bytes = envelope.bytes();

        EventEnvelope parsed = EnvelopeParser.parse(bytes);

        assertThat(parsed.bytes()).isEqualTo(bytes);
        assertThat(EventSchema.problem(parsed.type(), parsed.data())).isEmpty();
    }

    @Test
    void fieldsHaveTheseNamesAndForms() throws NotCanonical {
        AuditEvent served = EventSamples.all().get(4);
        assertThat(new String(CanonicalJson.bytes(EventFields.of(served)), StandardCharsets.UTF_8))
                .isEqualTo("""
                        {"client_id":"demo","duration_millis":42,"input_tokens":17,"key_id":"kid-1","model":"sim-1",\
                        "operation":"/v1/chat/completions","outcome":"ok","output_tokens":5,"redacted":{"CARD":1,"EMAIL":2},\
                        "request_id":"r-1","session_id":"s-1","tenant":"acme","token_id":"jti-1","upstream":"primary"}""");
        assertThat(new String(
                        CanonicalJson.bytes(EventFields.of(EventSamples.all().getFirst())), StandardCharsets.UTF_8))
                .isEqualTo("""
                        {"audience":["urn:postern:gateway"],"binding":"none","client_id":"demo",\
                        "expires_at":"2026-11-23T12:05:00.000Z","grant":"client_credentials","key_id":"kid-1",\
                        "scopes":["audit:read","llm:invoke"],"session_id":"sid-1","subject_token_id":"jti-0",\
                        "tenant":"acme","token_id":"jti-1","use":"inference"}""");
    }

    @Test
    void hostileTextBecomesShortAndPrintable() {
        FrameRejected event = new FrameRejected(
                "a\r\n\u0000\ud800\u00e9" + "x".repeat(10_000), Optional.empty(), Optional.empty(), 1);
        assertThat(event.reason()).hasSize(256).startsWith("a?????x").endsWith("x~");
    }

    @Test
    void schemaRefusesWhatNoProducerSends() {
        Map<String, Object> good = EventFields.of(EventSamples.all().getFirst());
        assertThat(EventSchema.problem("dev.postern.unknown", good)).isPresent();
        assertThat(changed(good, "expires_at", 7)).isPresent();
        assertThat(changed(good, "scopes", "llm:invoke")).isPresent();
        assertThat(changed(good, "client_id", "x".repeat(257))).isPresent();
        assertThat(changed(good, "client_id", "a\nb")).isPresent();
        assertThat(changed(good, "prompt", "text")).isPresent();
        Map<String, Object> without = new HashMap<>(good);
        without.remove("tenant");
        assertThat(EventSchema.problem("dev.postern.token.issued", without)).isPresent();
    }

    @Test
    void sealedPartWhenTooLongOrOfOtherCharactersThenIsRefused() throws NotCanonical {
        BodyCaptured longest = new BodyCaptured(
                "c".repeat(256),
                "r".repeat(256),
                "i".repeat(256),
                "t".repeat(256),
                "request",
                64,
                64,
                "d".repeat(64),
                SealedPart.of(new byte[SealedPart.LONGEST]));
        Map<String, Object> good = EventFields.of(longest);
        assertThat(CanonicalJson.bytes(good))
                .as("an event that the audit-service takes")
                .hasSizeLessThan(47 << 10);
        String text = longest.sealed().text();
        for (String wrong : new String[] {"", text + "A", "A".repeat(5), "AA=", "AA A", "\u00e9A"}) {
            Map<String, Object> changed = new HashMap<>(good);
            changed.put("sealed", wrong);
            assertThat(EventSchema.problem(longest.type(), changed)).isPresent();
            assertThatThrownBy(() -> new SealedPart(wrong)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(longest.toString()).as("of the sealed part only its length").hasSizeLessThan(2_000);
        for (int[] part : new int[][] {{0, 1}, {2, 1}, {1, 65}}) {
            assertThatThrownBy(() -> new BodyCaptured(
                            "c", "r", "i", "t", "answer", part[0], part[1], "d", SealedPart.of(new byte[1])))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    /// So that events of a release without the field, in a spool still, are taken.
    @Test
    void schemaWhenAnOptionalSetIsMissingThenTakesItAndElseWantsASet() {
        String type = EventType.ARCHIVE_OPENED.wireName();
        Map<String, Object> good = EventFields.of(new ArchiveOpened(
                "o-1", "alice", Set.of("bob"), "d", "why", 1, Optional.of(Set.of("c-1")), Optional.empty()));
        assertThat(good).containsEntry("capture_ids", List.of("c-1")).doesNotContainKey("recipient");
        assertThat(EventSchema.problem(type, good)).isEmpty();
        Map<String, Object> other = new HashMap<>(good);
        for (Object wrong : List.of("c-1", List.of(7), Map.of("c-1", 1), List.of("a\nb"))) {
            other.put("capture_ids", wrong);
            assertThat(EventSchema.problem(type, other)).isPresent();
        }
        other.remove("capture_ids");
        assertThat(EventSchema.problem(type, other)).isEmpty();
    }

    private static Optional<String> changed(Map<String, Object> good, String field, Object value) {
        Map<String, Object> changed = new HashMap<>(good);
        changed.put(field, value);
        return EventSchema.problem("dev.postern.token.issued", changed);
    }
}

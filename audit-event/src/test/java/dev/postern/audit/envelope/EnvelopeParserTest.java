package dev.postern.audit.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postern.audit.canonical.NotCanonical;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EnvelopeParserTest {

    private static final String GOOD =
            "{\"data\":{\"count\":1,\"reason\":\"replayed\"},\"datacontenttype\":\"application/json\","
                    + "\"id\":\"ab.cd.7\",\"sequence\":\"0000000000000007\","
                    + "\"source\":\"spiffe://postern.local/service/inference-relay\",\"specversion\":\"1.0\","
                    + "\"spool\":\"ab\",\"time\":\"2026-11-23T12:00:00.007Z\",\"type\":\"dev.postern.frame.rejected\"}";

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void theseAreTheBytesOfAnEnvelope() throws NotCanonical, MalformedEnvelope {
        EventEnvelope envelope = new EventEnvelope(
                "spiffe://postern.local/service/inference-relay",
                "ab",
                "ab.cd.7",
                7,
                "dev.postern.frame.rejected",
                Instant.parse("2026-11-23T12:00:00.007999Z"),
                Map.of("reason", "replayed", "count", 1L));
        assertThat(envelope.bytes()).asString(StandardCharsets.UTF_8).isEqualTo(GOOD);
        assertThat(EnvelopeParser.parseBatch(utf8("[" + GOOD + "," + GOOD + "]")))
                .hasSize(2)
                .allSatisfy(parsed -> assertThat(parsed.bytes()).isEqualTo(utf8(GOOD)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"1.0\" | \"0.3\"",
                "\"1.0\" | 1",
                "\"0000000000000007\" | \"7\"",
                "\"0000000000000007\" | \"0000000000000000\"",
                "\"0000000000000007\" | \"9999999999999999\"",
                "\"0000000000000007\" | 7",
                "12:00:00.007Z | 12:00:00Z",
                "12:00:00.007Z | 25:00:00.007Z",
                "12:00:00.007Z | 12:00:00.007+",
                "\"ab.cd.7\" | \"\"",
                "\"ab.cd.7\" | \"a b\"",
                "\"ab.cd.7\" | null",
                "\"count\":1 | \"count\":1,\"count\":2",
                "\"count\":1 | \"count\":null",
                "{\"count\":1,\"reason\":\"replayed\"} | []",
                "\"spool\" | \"spoon\"",
                "\"id\" | \"extra\":\"x\",\"id\"",
            })
    void refuses(String part, String replacement) {
        assertThat(GOOD).contains(part);
        assertThatExceptionOfType(MalformedEnvelope.class)
                .isThrownBy(() -> EnvelopeParser.parse(utf8(GOOD.replace(part, replacement))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"''", "[", "null", "{}", "7", "[7]", "[null]", "[[]]", "[] []"})
    void refusesBatch(String json) {
        assertThatExceptionOfType(MalformedEnvelope.class).isThrownBy(() -> EnvelopeParser.parseBatch(utf8(json)));
    }
}

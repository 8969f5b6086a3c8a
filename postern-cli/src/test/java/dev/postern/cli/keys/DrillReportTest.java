package dev.postern.cli.keys;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DrillReportTest {
    private static final String WHOLE = """
            {"id": "i-1", "class": "relay-hpke",
             "phases": {"called": "2026-11-23T12:00:00Z", "denied": "2026-11-23T12:00:00.020Z",
                        "acknowledged": "2026-11-23T12:00:01Z"},
             "acknowledgements": [{"id": "spiffe://postern.local/service/token-service",
                                   "at": "2026-11-23T12:00:00.500Z"}],
             "sessions_ended": 3, "finished": true, "silent": [], "owed": []}
            """;

    @Test
    void reportWhenNothingIsOutstandingThenComplete() {
        assertThat(report(WHOLE).complete()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'finished': false, 'silent': [], 'owed': []}",
                "{'finished': true, 'silent': [{'id': 'spiffe://postern.local/service/a'}], 'owed': []}",
                "{'finished': true, 'silent': [], 'owed': ['a certificate']}",
                "{'silent': [], 'owed': []}",
                "{'finished': true, 'owed': []}",
                "{'finished': true, 'silent': []}",
                "{'finished': 'true', 'silent': [], 'owed': []}",
                "{'finished': true, 'silent': {}, 'owed': []}",
                "{'finished': true, 'silent': null, 'owed': []}",
                "{'finished': true, 'silent': [], 'owed': ''}",
                "{}",
                "[]"
            })
    void reportWhenSomethingIsOutstandingOrNotSaidThenIncomplete(String incident) {
        assertThat(report(incident.replace('\'', '"')).complete()).isFalse();
    }

    @Test
    void documentWhenMadeThenTheStepsInTheirOrderWithMilliseconds() {
        JsonNode document = report(WHOLE).document();

        assertThat(document.path("ok").booleanValue()).isTrue();
        assertThat(document.path("last_acknowledgement_ms").intValue()).isEqualTo(1_000);
        assertThat(document.path("sessions_ended").intValue()).isEqualTo(3);
        assertThat(document.path("timeline").valueStream())
                .extracting(step ->
                        step.path("phase").stringValue() + " " + step.path("ms").intValue())
                .containsExactly("called 0", "denied 20", "acknowledged by token-service 500", "acknowledged 1000");
    }

    private static DrillReport report(String incident) {
        return new DrillReport(new JsonMapper().readTree(incident));
    }
}

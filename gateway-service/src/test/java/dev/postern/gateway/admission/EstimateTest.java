package dev.postern.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.gateway.admission.AdmissionProperties.WhenAway;
import dev.postern.gateway.api.Operation;
import dev.postern.gateway.api.RequestBody;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EstimateTest {
    private static final AdmissionProperties PROPERTIES = new AdmissionProperties(WhenAway.REFUSE, 1, 3, 1000, true);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\":\"m\"}|1000",
                "{\"model\":\"m\",\"max_tokens\":10}|10",
                "{\"model\":\"m\",\"max_completion_tokens\":10,\"max_tokens\":20}|20",
                "{\"model\":\"m\",\"max_tokens\":10,\"n\":3}|30",
                "{\"model\":\"m\",\"max_tokens\":10,\"n\":2,\"best_of\":4}|40",
                "{\"model\":\"m\",\"max_tokens\":null,\"n\":null}|1000",
                "{\"model\":\"m\",\"max_tokens\":-1,\"n\":0}|1000",
                "{\"model\":\"m\",\"max_tokens\":\"10\"}|1000",
                "{\"model\":\"m\",\"max_tokens\":1.5}|1000",
                "{\"model\":\"m\",\"max_tokens\":99999999999999999999999}|1000000000",
                "{\"model\":\"m\",\"max_tokens\":10,\"prompt\":[\"a\",\"b\",[1,2]]}|30",
                "{\"model\":\"m\",\"max_tokens\":10,\"prompt\":[1,2,3]}|10",
                "{\"model\":\"m\",\"max_tokens\":10,\"prompt\":[]}|10",
                "{\"model\":\"m\",\"a\":{\"max_tokens\":10}}|1000"
            })
    void outputWhenAskedForThenThatTimesTheAnswers(String body, long output) {
        assertThat(estimate(Operation.COMPLETIONS, body).output()).isEqualTo(output);
    }

    @Test
    void outputWhenAbsurdThenBounded() {
        Estimate estimate = estimate(
                Operation.COMPLETIONS, "{\"model\":\"m\",\"max_tokens\":1000000000,\"n\":1000000000,\"best_of\":2}");

        assertThat(estimate.output()).isEqualTo(Meter.MOST);
        assertThat(estimate.total()).isEqualTo(Meter.MOST);
    }

    @Test
    void promptWhenReadThenItsOctetsByTheConfiguredShare() {
        assertThat(estimate(Operation.CHAT_COMPLETIONS, "{\"model\":\"m\",\"user\":\"é\"}")
                        .prompt())
                .isEqualTo(9);
        assertThat(estimate(Operation.EMBEDDINGS, "{\"model\":\"m\",\"max_tokens\":9}"))
                .isEqualTo(new Estimate(10, 0));
        assertThat(estimate(Operation.LIST_MODELS, "")).isEqualTo(Estimate.NONE);
    }

    private static Estimate estimate(Operation operation, String body) {
        return Estimate.of(operation, RequestBody.parse(operation, body.getBytes(StandardCharsets.UTF_8)), PROPERTIES);
    }
}

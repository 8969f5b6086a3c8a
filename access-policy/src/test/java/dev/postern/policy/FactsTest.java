package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.postern.policy.Facts.Anomaly;
import dev.postern.policy.Facts.Client;
import dev.postern.policy.Facts.Quota;
import dev.postern.policy.Facts.Token;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FactsTest {

    @Test
    void factsSurviveTheirJsonForm() throws PolicyRejected {
        Facts facts = Policies.facts().with(new Quota(0, 7, -1)).with(new Anomaly(1, 0.5, 0.25, 0, 0.125));
        assertThat(Facts.parse(facts.toJson())).isEqualTo(facts);
    }

    @Test
    void whatIsMissingIsUnknown() throws PolicyRejected {
        assertThat(Facts.parse("{\"now\":\"2026-11-25T18:54:25Z\"}")).isEqualTo(Facts.at(Policies.NOW));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | /now",
                "{\"now\":\"yesterday\"} | /now",
                "{\"now\":\"1969-12-31T23:59:59Z\"} | /now",
                "{\"now\":7} | /now",
                "{\"now\":\"2026-11-25T18:54:25Z\",\"client\":{\"name\":\"x\"}} | /client/name",
                "{\"now\":\"2026-11-25T18:54:25Z\",\"client\":7} | /client",
                "{\"now\":\"2026-11-25T18:54:25Z\",\"client\":{\"roles\":[7]}} | /client/roles/0",
                "{\"now\":\"2026-11-25T18:54:25Z\",\"client\":{\"sensitivity_clearance\":\"top\"}} | /client/sensitivity_clearance",
                "{\"now\":\"2026-11-25T18:54:25Z\",\"token\":{\"bound\":\"yes\"}} | /token/bound",
                "{\"now\":\"2026-11-25T18:54:25Z\",\"token\":{\"age_s\":-1}} | /token/age_s",
                "{\"now\":\"2026-11-25T18:54:25Z\",\"quota\":{\"requests_left\":-2}} | /quota/requests_left",
                "{\"now\":\"2026-11-25T18:54:25Z\",\"anomaly\":{\"score\":1.01}} | /anomaly/score",
                "{\"now\":\"2026-11-25T18:54:25Z\",\"anomaly\":{\"score\":\"0\"}} | /anomaly/score",
                "{\"now\":\"2026-11-25T18:54:25Z\",\"request\":{\"latency_class\":\"soon\"}} | /request/latency_class",
            })
    void wrongFactsAreSaidWhereTheyAre(String json, String path) {
        assertThat(catchThrowableOfType(PolicyRejected.class, () -> Facts.parse(json))
                        .problems())
                .extracting(Problem::path)
                .containsExactly(path);
    }

    @Test
    void listsAndTextsAreBoundedAndReachTheirBounds() {
        String longest = "x".repeat(Facts.MAX_TEXT);
        new Client(longest, "", Collections.nCopies(Facts.MAX_LIST, longest), Sensitivity.PUBLIC);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Client(longest + "x", "", List.of(), Sensitivity.PUBLIC));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Client("", "", Collections.nCopies(Facts.MAX_LIST + 1, ""), Sensitivity.PUBLIC));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Token(0, "", List.of(longest + "x"), false, "", List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Token(-1, "", List.of(), false, "", List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> new Quota(-2, 0, 0));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.01, 1.01, Double.NaN, Double.POSITIVE_INFINITY})
    void scoresLieBetweenZeroAndOne(double score) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Anomaly(score, 0, 0, 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Anomaly(0, 0, 0, 0, score));
    }

    @Test
    void listsKeepTheOrderTheyAreGiven() {
        assertThat(Facts.inOrder(Set.of("b", "a", "c"))).containsExactly("a", "b", "c");
        assertThat(Facts.at(Instant.EPOCH).now()).isEqualTo(Instant.EPOCH);
    }
}

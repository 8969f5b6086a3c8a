package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.demo.CheckResult;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What `postern demo` says of its checks; the checks themselves are `DemoTest`'s, on a platform.
class DemoCommandTest {
    private static final JsonMapper ONE_DOCUMENT = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final CheckResult GOOD = new CheckResult("token", true, "a token \"of\" demo", 12);
    private static final CheckResult BAD = new CheckResult("replay-rejected", false, "accepted", 3);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @Test
    void resultsWhenJsonIsWantedThenOneDocumentWithEachCheckAndNothingElse() throws Exception {
        assertThat(report(List.of(GOOD, BAD), "--json")).isEqualTo(1);

        JsonNode document = ONE_DOCUMENT.readTree(printed());
        assertThat(document)
                .isEqualTo(ONE_DOCUMENT.readTree(
                        "{\"ok\":false,\"checks\":[{\"id\":\"token\",\"ok\":true,\"detail\":\"a token \\\"of\\\" demo\",\"ms\":12},"
                                + "{\"id\":\"replay-rejected\",\"ok\":false,\"detail\":\"accepted\",\"ms\":3}]}"));
        assertThat(printed().lines()).hasSize(1);
    }

    @Test
    void resultsWhenAllAreOkThenTheDocumentSaysSo() throws Exception {
        assertThat(report(List.of(GOOD), "--json")).isZero();

        assertThat(ONE_DOCUMENT.readTree(printed()).path("ok").asBoolean()).isTrue();
    }

    @Test
    void resultsWhenForPeopleThenALineEachAndAVerdict() throws Exception {
        assertThat(report(List.of(GOOD, BAD))).isEqualTo(1);

        assertThat(printed().lines())
                .satisfiesExactly(
                        good -> assertThat(good).matches("ok +token +a token \"of\" demo \\(12 ms\\)"),
                        bad -> assertThat(bad).matches("FAILED +replay-rejected +accepted \\(3 ms\\)"),
                        blank -> assertThat(blank).isEmpty(),
                        verdict -> assertThat(verdict).startsWith("Not everything"));
    }

    private int report(List<CheckResult> results, String... arguments) throws InterruptedException {
        DemoCommand command = new DemoCommand();
        new CommandLine(command).parseArgs(arguments);
        return command.report(
                listener -> {
                    results.forEach(listener);
                    return results;
                },
                new PrintStream(out, true, StandardCharsets.UTF_8));
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }
}

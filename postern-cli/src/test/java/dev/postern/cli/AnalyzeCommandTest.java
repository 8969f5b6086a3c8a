package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AnalyzeCommandTest {
    @TempDir
    private Path folder;

    @Test
    void linesWhenAnalyzedThenAnsweredInOrderWithCodePointOffsets() throws IOException {
        Run run = run(
                List.of(
                        "{\"id\": 7, \"text\": \"😀 mail jane@example.org\"}",
                        "",
                        "{\"id\": \"b\", \"text\": \"nothing\", \"lang\": \"en\"}",
                        "{\"id\": \"c\", \"text\": \"\\ud800 card 4111 1111 1111 1111\"}"),
                "--taxonomy",
                "presidio");

        assertThat(run.code()).isZero();
        assertThat(run.answers()).hasSize(3);
        JsonNode first = run.answers().getFirst();
        assertThat(first.path("id").intValue()).isEqualTo(7);
        assertThat(first.path("spans")).hasSize(1);
        assertThat(first.path("spans").get(0).path("entity").stringValue()).isEqualTo("EMAIL_ADDRESS");
        assertThat(first.path("spans").get(0).path("start").intValue()).isEqualTo(7);
        assertThat(first.path("spans").get(0).path("end").intValue()).isEqualTo(23);
        assertThat(run.answers().get(1).path("spans")).isEmpty();
        assertThat(run.answers().get(2).path("spans").get(0).path("start").intValue())
                .isEqualTo(7);
    }

    @Test
    void lineWhenNoRequestThenAnsweredWithErrorAndTheNextIsStillAnalyzed() throws IOException {
        Run run = run(List.of("{oops", "{\"id\": 1}", "{\"id\": 2, \"text\": \"a@b.example\"}"));

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.answers().get(0).path("error").stringValue()).contains("line 1 is not JSON");
        assertThat(run.answers().get(1).path("error").stringValue()).contains("line 2 has no text");
        assertThat(run.answers().get(2).path("spans").get(0).path("entity").stringValue())
                .isEqualTo("EMAIL");
    }

    /// Whoever reads the other of two members would take what nobody looked at.
    @Test
    void lineWhenAMemberStandsTwiceOrSomethingFollowsThenRefused() throws IOException {
        Run run = run(List.of(
                "{\"id\": 1, \"text\": \"a\", \"text\": \"b\"}",
                "",
                "{\"id\": 3, \"text\": \"a\"} {}",
                "{\"id\": 4, \"text\": \"\", \"lang\": null, \"more\": 1}"));

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.answers().get(0).path("error").stringValue()).startsWith("line 1 is not JSON");
        assertThat(run.answers().get(1).path("error").stringValue()).startsWith("line 3 is not JSON");
        assertThat(run.answers().get(2).path("spans").isEmpty()).isTrue();
    }

    @Test
    void fileWhenItHasAMarkAndBrokenUtf8ThenTheOtherLinesAreAnalyzed() throws IOException {
        Path file = folder.resolve("in.jsonl");
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write("\uFEFF{\"id\": 1, \"text\": \"a@b.example\"}\r\n".getBytes(StandardCharsets.UTF_8));
            out.write("{\"id\": 2, \"text\": \"Müller\"}\r\n".getBytes(StandardCharsets.ISO_8859_1));
            out.write("{\"id\": 3, \"text\": \"\uFFFD a@b.example\"}".getBytes(StandardCharsets.UTF_8));
        }
        Run run = run(file);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.answers().get(0).path("spans").get(0).path("start").intValue(-1))
                .isZero();
        assertThat(run.answers().get(1).path("error").stringValue()).isEqualTo("line 2 is not UTF-8");
        assertThat(run.answers().get(2).path("spans").get(0).path("start").intValue(-1))
                .isEqualTo(2);
    }

    @Test
    void halvesOfSurrogatePairsWhenWrittenThenStayWhatTheyAre() throws IOException {
        Path file = Files.writeString(
                folder.resolve("in.jsonl"), "{\"id\": \"\\ud83d\", \"text\": \"\\ude00 jane@example.org\"}");
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        int code = PosternMain.commandLine()
                .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .execute("redact", file.toString());

        assertThat(code).isZero();
        JsonNode answer = new JsonMapper().readTree(out.toByteArray());
        assertThat(answer.path("id").stringValue()).isEqualTo("\ud83d");
        assertThat(answer.path("text").stringValue()).isEqualTo("\ude00 [EMAIL]");
    }

    @Test
    void outputWhenItCannotBeWrittenThenFails() throws IOException {
        Path file = Files.writeString(folder.resolve("in.jsonl"), "{\"text\": \"a\"}\n".repeat(3));
        StringWriter errors = new StringWriter();
        OutputStream full = new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                throw new IOException("no space left");
            }
        };

        int code = PosternMain.commandLine()
                .setOut(new PrintWriter(full, false, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(errors))
                .execute("redact", file.toString());

        assertThat(code).isEqualTo(1);
        assertThat(errors.toString()).contains("cannot be written").hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "-0.1", "NaN"})
    void thresholdWhenNoProbabilityThenRefused(String threshold) {
        StringWriter errors = new StringWriter();

        int code = PosternMain.commandLine()
                .setErr(new PrintWriter(errors))
                .execute("analyze", "--threshold=" + threshold);

        assertThat(code).isEqualTo(2);
        assertThat(errors.toString()).contains("from 0 to 1").hasLineCount(1);
    }

    @Test
    void textWhenRedactedThenHoldsEntitiesInsteadOfValues() throws IOException {
        Path file = Files.writeString(
                folder.resolve("in.jsonl"),
                "{\"id\": 1, \"text\": \"jane@example.org, password: swordfish9, see https://example.org\"}");
        StringWriter out = new StringWriter();

        int code = PosternMain.commandLine().setOut(new PrintWriter(out)).execute("redact", file.toString());

        assertThat(code).isZero();
        assertThat(new JsonMapper().readTree(out.toString()).path("text").stringValue())
                .isEqualTo("[EMAIL], password: [PASSWORD], see https://example.org");
    }

    @Test
    void textWhenRedactedByAPolicyThenAsItSaysForTheLabel() throws IOException {
        Path texts = Files.writeString(folder.resolve("in.jsonl"), """
                {"id": 1, "text": "jane@example.org of Falcon at 203.0.113.7, call 202-555-0143"}
                {"id": 2, "text": "card 4111 1111 1111 1111"}
                """);
        Path policy = Files.writeString(folder.resolve("policy.json"), """
                {"labels": {"internal": {
                  "actions": {"EMAIL": "mask", "IP": "generalise", "PHONE": "hash", "CARD": "block"},
                  "deny": {"CUSTOM": ["falcon"]}}}}
                """);
        StringWriter out = new StringWriter();

        int code = PosternMain.commandLine()
                .setOut(new PrintWriter(out))
                .execute("redact", texts.toString(), "--policy", policy.toString());

        assertThat(code).isZero();
        List<String> lines = out.toString().lines().toList();
        assertThat(lines.get(0)).contains("****@*******.org of [CUSTOM] at 203.0.113.0/24, call [PHONE #]");
        assertThat(lines.get(1)).isEqualTo("{\"id\":2,\"blocked\":[\"CARD\"]}");
    }

    /// A tenant tries its policy and pack before it sends them.
    @Test
    void policyWhenItHasAPackThenItsRulesFindToo() throws IOException {
        Path texts = Files.writeString(folder.resolve("in.jsonl"), """
                {"id": 1, "text": "EMP-123456 wrote to jane@example.org"}
                {"id": 2, "text": "%s"}
                """.formatted("a".repeat(200_000)));
        String rule = "{\"id\": \"a%d\", \"entity\": \"EMAIL\", \"pattern\": \"a{0,20}a{0,20}a{0,20}b\","
                + " \"bounds\": \"none\", \"needs\": [\"aa\"], \"score\": 0.9, \"examples\": [\"«aab»\"]},";
        Path policy = Files.writeString(folder.resolve("policy.json"), """
                {"labels": {"internal": {"actions": {"CUSTOM_STAFF": "mask"}}},
                 "pack": {
                   "entities": {"CUSTOM_STAFF": {"kind": "STAFF", "action": "pseudonymise"}},
                   "rules": [%s {"id": "staff", "entity": "CUSTOM_STAFF", "pattern": "EMP-\\\\d{6}", "score": 0.9,
                              "examples": ["«EMP-004711»"]}]}}
                """.formatted(
                        IntStream.range(0, 20).mapToObj(rule::formatted).collect(Collectors.joining())));
        StringWriter out = new StringWriter();

        int code = PosternMain.commandLine()
                .setOut(new PrintWriter(out))
                .execute("redact", texts.toString(), "--policy", policy.toString());

        List<String> lines = out.toString().lines().toList();
        assertThat(lines.get(0)).isEqualTo("{\"id\":1,\"text\":\"***-****56 wrote to [EMAIL]\"}");
        assertThat(lines.get(1))
                .contains("\"error\":\"the rules of the policy's own pack take too long on this text\"");
        assertThat(code).isEqualTo(1);
    }

    @Test
    void policyWhenNotInOrderThenSaidWhereAndNothingIsRedacted() throws IOException {
        Path policy = Files.writeString(
                folder.resolve("policy.json"), "{\"labels\":{\"internal\":{\"actions\":{\"EMAIL\":\"shred\"}}}}");
        StringWriter out = new StringWriter();
        StringWriter errors = new StringWriter();

        int code = PosternMain.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(errors))
                .execute("redact", "--policy", policy.toString());

        assertThat(code).isEqualTo(1);
        assertThat(out.toString()).isEmpty();
        assertThat(errors.toString()).contains("/labels/internal/actions/EMAIL", "block");
    }

    @Test
    void packOfOnesOwnThenItsRulesFindToo() throws IOException {
        Path pack = folder.resolve("staff.yml");
        Files.writeString(pack, """
            entities: {STAFF_NUMBER: {kind: STAFF, action: pseudonymise}}
            rules:
              - {id: staff-number, entity: STAFF_NUMBER, pattern: 'EMP-\\d{6}', score: 0.9, examples: ['is «EMP-004711»']}
            """);

        Run run = run(
                List.of("{\"id\": 1, \"text\": \"ask EMP-123456 or jane@example.org\"}"), "--pack", pack.toString());

        assertThat(run.code()).isZero();
        assertThat(run.answers()
                        .getFirst()
                        .path("spans")
                        .valueStream()
                        .map(span -> span.path("entity").asString()))
                .containsExactly("STAFF_NUMBER", "EMAIL");
    }

    @Test
    void packThatRepeatsWithoutBoundThenOneSentenceThatNamesTheRule() throws IOException {
        Path pack = folder.resolve("staff.yml");
        Files.writeString(pack, """
            entities: {STAFF_NUMBER: {kind: STAFF, action: pseudonymise}}
            rules:
              - {id: staff-number, entity: STAFF_NUMBER, pattern: 'EMP-\\d+', score: 0.9, examples: ['is «EMP-004711»']}
            """);
        StringWriter errors = new StringWriter();

        int code =
                PosternMain.commandLine().setErr(new PrintWriter(errors)).execute("analyze", "--pack", pack.toString());

        assertThat(code).isEqualTo(1);
        assertThat(errors.toString())
                .contains("staff.yml", "staff-number", "every repetition is bounded")
                .hasLineCount(1);
    }

    @Test
    void modelOfNamesWhenThisBuildRunsNoneThenOneSentence() {
        StringWriter errors = new StringWriter();

        int code = PosternMain.commandLine()
                .setErr(new PrintWriter(errors))
                .execute("analyze", "--names-model", folder.toString());

        assertThat(code).isEqualTo(1);
        assertThat(errors.toString()).contains("--names-model", "-Ponnx").hasLineCount(1);
    }

    @Test
    void nativeScannerWhenThisMachineHasNoneThenOneSentence() {
        StringWriter errors = new StringWriter();
        String machine = System.setProperty("os.arch", "pdp11");
        try {
            int code =
                    PosternMain.commandLine().setErr(new PrintWriter(errors)).execute("analyze", "--scanner", "native");

            assertThat(code).isEqualTo(1);
            assertThat(errors.toString()).contains("pdp11", "portable").hasLineCount(1);
        } finally {
            System.setProperty("os.arch", machine);
        }
    }

    @Test
    void labelledFileWhenEvaluatedThenFiguresPerEntity() throws IOException {
        Path file = folder.resolve("labelled.jsonl");
        Files.writeString(file, """
            {"id": "1", "text": "mail jane@example.org", "spans": [{"start": 5, "end": 21, "entity": "EMAIL_ADDRESS"}]}
            {"id": "2", "text": "card 4111 1111 1111 1112", "spans": [], "absent": ["CREDIT_CARD"]}
            {"id": "3", "text": "SSN 536-90-4399", "spans": [{"start": 4, "end": 15, "entity": "NOT_OURS"}]}
            """);
        StringWriter out = new StringWriter();

        int code = PosternMain.commandLine().setOut(new PrintWriter(out)).execute("eval", "--json", file.toString());

        assertThat(code).isZero();
        JsonNode document = new JsonMapper().readTree(out.toString());
        JsonNode mail = document.path("entities").path("EMAIL_ADDRESS");
        assertThat(mail.path("recall").doubleValue()).isEqualTo(1);
        assertThat(mail.path("precision").doubleValue()).isEqualTo(1);
        assertThat(document.path("entities")
                        .path("CREDIT_CARD")
                        .path("negativesFlagged")
                        .intValue())
                .isZero();
        JsonNode other = document.path("entities").path("NOT_OURS");
        assertThat(other.path("coverage").doubleValue()).isEqualTo(1);
        assertThat(other.path("recall").doubleValue()).isZero();
        assertThat(document.path("entities").path("US_SSN").path("precision").doubleValue())
                .isZero();
    }

    @Test
    void fileWhenNotLabelledThenOneSentence() throws IOException {
        Path file = Files.writeString(folder.resolve("other.json"), "[1, 2]");
        StringWriter err = new StringWriter();

        int code = PosternMain.commandLine().setErr(new PrintWriter(err)).execute("eval", file.toString());

        assertThat(code).isEqualTo(1);
        assertThat(err.toString()).contains("no labelled cases").doesNotContain("Unexpected");
    }

    @Test
    void missesWhenAskedForInJsonThenPartOfTheDocument() throws IOException {
        Path file = Files.writeString(folder.resolve("labelled.jsonl"), """
            {"id": "1", "text": "nothing", "spans": [{"start": 0, "end": 7, "entity": "NOT_OURS"}]}
            """);
        StringWriter out = new StringWriter();

        int code = PosternMain.commandLine()
                .setOut(new PrintWriter(out))
                .execute("eval", "--json", "--misses", file.toString());

        assertThat(code).isZero();
        JsonMapper strict = JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
        assertThat(strict.readTree(out.toString()).at("/misses/0").toString())
                .isEqualTo(
                        "{\"id\":\"1\",\"text\":\"nothing\",\"entity\":\"NOT_OURS\",\"flagged\":false,\"found\":[]}");
    }

    private Run run(List<String> lines, String... options) throws IOException {
        return run(Files.write(folder.resolve("in.jsonl"), lines), options);
    }

    private static Run run(Path file, String... options) {
        StringWriter out = new StringWriter();
        List<String> arguments = new ArrayList<>(List.of("analyze", file.toString()));
        arguments.addAll(List.of(options));
        int code = PosternMain.commandLine().setOut(new PrintWriter(out)).execute(arguments.toArray(String[]::new));
        JsonMapper json = new JsonMapper();
        return new Run(code, out.toString().lines().map(json::readTree).toList());
    }

    private record Run(int code, List<JsonNode> answers) {}
}

package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.terminal.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

final class CustodyCommandsTest {
    private final StringWriter errors = new StringWriter();

    /// As docs/audit.md has them.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "audit custodian keygen anna anna.key anna.pub",
                "audit captures --token-file eve.token --json --limit 3",
                "audit open --token-file eve.token --reason incident-7 --out bodies.jsonl c-1 c-2",
                "audit openings --token-file anna.token",
                "audit decisions --custodians custodians --token-file eve.token",
                "audit openings o-1 --token-file anna.token",
                "audit open --token-file eve.token --reason incident-7 --out b.jsonl --custodians custodians c-1",
                "audit approve o-1 --recipient 0123456789abcdef --key anna.key --token-file anna.token",
                "audit approve o-1 --digest 00ff --key - --token-file anna.token --server https://localhost --ca ca.pem",
                "audit refuse o-1 --key - --token-file anna.token --json"
            })
    void commandWhenTypedAsDocumentedThenIsUnderstood(String line) {
        CommandLine.ParseResult parsed = PosternMain.commandLine().parseArgs(line.split(" ", -1));
        assertThat(parsed.subcommand().subcommand().unmatched()).isEmpty();
    }

    @Test
    void approveWhenNeitherRecipientNorDigestIsGivenThenIsNotUnderstood() {
        StringWriter err = new StringWriter();
        int code = PosternMain.commandLine()
                .setErr(new PrintWriter(err))
                .execute("audit", "approve", "o-1", "--key", "anna.key", "--token-file", "anna.token");
        assertThat(code).isEqualTo(ExitCode.USAGE.code());
        assertThat(err.toString()).contains("--recipient", "--digest");
    }

    /// Nobody is asked when there is nowhere to put what they agree to.
    @Test
    void openWhenTheFileExistsThenIsRefusedAndKeptAndElseLeavesNoneBehind(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("bodies.jsonl"), "old");
        assertThat(open(directory, file)).isEqualTo(ExitCode.CONFLICT.code());
        assertThat(file).hasContent("old");
        Path other = directory.resolve("other.jsonl");
        assertThat(open(directory, other)).isNotZero();
        assertThat(other).doesNotExist();
        assertThat(open(directory, file.resolve("below-a-file"))).isEqualTo(ExitCode.FAILED.code());
        assertThat(errors.toString()).contains("Nobody was asked");
    }

    private int open(Path directory, Path file) {
        return PosternMain.commandLine()
                .setErr(new PrintWriter(errors))
                .execute(
                        "audit",
                        "open",
                        "--token-file",
                        directory.resolve("none").toString(),
                        "--server",
                        "https://localhost:1",
                        "--ca",
                        directory.resolve("none").toString(),
                        "--reason",
                        "why",
                        "--out",
                        file.toString(),
                        "c-1");
    }

    @Test
    void keygenWhenAskedThenTellsWhereTheHalvesAre(@TempDir Path directory) throws Exception {
        StringWriter out = new StringWriter();
        Path key = directory.resolve("anna.key");
        Path line = directory.resolve("anna.pub");
        int code = PosternMain.commandLine()
                .setOut(new PrintWriter(out))
                .execute("audit", "custodian", "keygen", "--json", "anna", key.toString(), line.toString());

        assertThat(code).isZero();
        assertThat(JsonMapper.shared()
                        .readTree(out.toString())
                        .path("private_key_file")
                        .asString())
                .isEqualTo(key.toString());
        assertThat(Files.readString(line)).startsWith("postern-custodian-public-key-1 anna ");
    }
}

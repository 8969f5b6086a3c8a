package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class PosternMainTest {
    @Test
    void helpWhenAskedThenNamesEveryCommand() {
        StringWriter out = new StringWriter();

        int code = PosternMain.commandLine().setOut(new PrintWriter(out)).execute("--help");

        assertThat(code).isZero();
        assertThat(out.toString())
                .contains(
                        "up", "down", "status", "demo", "token", "audit", "bench", "admin", "vectors", "connect",
                        "session", "analyze", "redact", "eval");
    }

    /// A per cent sign by itself would be taken for the beginning of a format, and complained of.
    @Test
    void helpOfEachCommandWhenAskedThenNothingIsComplainedOf() {
        PrintStream before = System.err;
        ByteArrayOutputStream complaints = new ByteArrayOutputStream();
        System.setErr(new PrintStream(complaints, true, StandardCharsets.UTF_8));
        try {
            assertThat(helped(PosternMain.commandLine())).isGreaterThan(50);
        } finally {
            System.setErr(before);
        }
        assertThat(complaints.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    private static int helped(CommandLine command) {
        assertThat(command.getUsageMessage()).isNotBlank();
        return 1
                + command.getSubcommands().values().stream()
                        .mapToInt(PosternMainTest::helped)
                        .sum();
    }

    @Test
    void optionsWhenWrittenAsDocumentedThenParsed() {
        CommandLine line = PosternMain.commandLine();

        assertThat(line.parseArgs("up", "--upstream", "http://127.0.0.1:9/v1", "--upstream-key-file", "k")
                        .errors())
                .isEmpty();
        assertThat(line.parseArgs("token", "--client", "demo", "--scope", "llm:invoke")
                        .errors())
                .isEmpty();
        assertThat(line.parseArgs(
                                "token",
                                "--binding",
                                "dpop",
                                "--authorization-details",
                                "@file",
                                "--exchange",
                                "-",
                                "--uses",
                                "3",
                                "--foreign")
                        .errors())
                .isEmpty();
        assertThat(line.parseArgs("admin", "clients", "list", "--json", "--as", "security-2")
                        .errors())
                .isEmpty();
        assertThat(line.parseArgs(
                                "session",
                                "--client",
                                "demo",
                                "--model",
                                "simulator-slow",
                                "--system",
                                "Be brief.",
                                "--json")
                        .errors())
                .isEmpty();
        assertThat(line.parseArgs("demo", "--json", "--keep").errors()).isEmpty();
        assertThat(line.parseArgs("bench", "edge", "--json").errors()).isEmpty();
        assertThat(line.parseArgs("audit", "verify", "somewhere", "--json").errors())
                .isEmpty();
    }

    @Test
    void commandWhenUnknownThenUsageErrorAndNoStackTrace() {
        StringWriter err = new StringWriter();

        int code = PosternMain.commandLine().setErr(new PrintWriter(err)).execute("nonsense");

        assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).doesNotContain("Exception");
    }
}

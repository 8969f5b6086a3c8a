package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.archive.CustodianKey;
import dev.postern.archive.Custodians;
import dev.postern.cli.custody.CustodianKeys;
import dev.postern.cli.custody.FakeArchive;
import dev.postern.cli.home.PosternHome;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.session.RecipientKey;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.json.JsonMapper;

final class CustodyCommandsTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final CustodianKey ANNA = CustodianKey.generate("anna", RANDOM);
    private static final CustodianKey BEN = CustodianKey.generate("ben", RANDOM);

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

    @ParameterizedTest
    @ValueSource(strings = {"captures", "decisions --custodians none"})
    void listWhenFewerThanOneIsAskedForThenSaysSo(String command) {
        for (String limit : List.of("0", "-1")) {
            String line = "audit " + command + " --token-file none --ca none --limit " + limit;
            int code = PosternMain.commandLine().setErr(new PrintWriter(errors)).execute(line.split(" ", -1));
            assertThat(code).isEqualTo(ExitCode.USAGE.code());
            assertThat(errors.toString()).contains("--limit").doesNotContain("Unexpected");
        }
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

    private String listed(FakeArchive archive, Path directory, String command) throws Exception {
        return listed(archive, directory, command, ExitCode.DONE);
    }

    private String listed(FakeArchive archive, Path directory, String command, ExitCode expected) throws Exception {
        StringWriter out = new StringWriter();
        Path token = Files.writeString(directory.resolve("token"), "a.b.c");
        Path ca = archive.authority(directory.resolve("ca.pem"));
        String line = "audit " + command + " --token-file " + token + " --ca " + ca + " --server " + archive.address();
        int code = PosternMain.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(errors))
                .execute(line.split(" ", -1));
        assertThat(errors.toString()).isEmpty();
        assertThat(code).isEqualTo(expected.code());
        return out.toString();
    }

    @Test
    void listWhenThereIsNothingThenSaysSo(@TempDir Path directory) throws Exception {
        Path custodians = Files.writeString(
                directory.resolve("custodians"),
                ANNA.custodian().line() + "\n" + BEN.custodian().line() + "\n");
        try (FakeArchive archive = new FakeArchive()) {
            assertThat(listed(archive, directory, "captures")).isEqualTo("no captures" + System.lineSeparator());
            assertThat(listed(archive, directory, "captures --json")).isEqualToIgnoringNewLines("[]");
            assertThat(listed(archive, directory, "decisions --custodians " + custodians))
                    .isEqualTo("no decisions" + System.lineSeparator());
        }
    }

    @Test
    void listWhenThereAreMoreThanAreWantedThenTheNewest(@TempDir Path directory) throws Exception {
        try (FakeArchive archive = new FakeArchive()) {
            for (String id : List.of("c-1", "c-2")) {
                archive.capture(id, new byte[1], new Custodians(List.of(ANNA.custodian(), BEN.custodian())));
            }
            assertThat(listed(archive, directory, "captures --limit 1").lines())
                    .singleElement()
                    .asString()
                    .contains("c-1");
        }
    }

    /// The options of who decides are a part of others.
    @Test
    void decisionWhenADocumentIsWantedThenNothingElseIsPrinted(@TempDir Path directory) throws Exception {
        try (FakeArchive archive = new FakeArchive();
                RecipientKey recipient = RecipientKey.generate()) {
            archive.capture("c-1", new byte[1], new Custodians(List.of(ANNA.custodian(), BEN.custodian())));
            archive.ask("incident 7", recipient.publicKey().encoded(), "c-1.1");
            Path home = Files.createDirectory(directory.resolve("keys"));
            Path key = home.resolve("anna.key");
            CustodianKeys.generate(
                    new PosternHome(directory.resolve("home")), "anna", key, home.resolve("anna.pub"), RANDOM);
            String shown = listed(archive, directory, "refuse o-1 --key " + key);
            assertThat(shown)
                    .contains("opening   o-1", "incident 7")
                    .endsWith("now       refused" + System.lineSeparator());
            String document = listed(archive, directory, "refuse o-1 --json --key " + key);
            assertThat(JsonMapper.shared().readTree(document).path("state").asString())
                    .isEqualTo("refused");
        }
    }

    /// That it is not signed is another end than that nobody could tell.
    @Test
    void decisionsWhenOneIsNotSignedWithAKnownKeyThenNotSound(@TempDir Path directory) throws Exception {
        Path custodians = Files.writeString(
                directory.resolve("custodians"),
                ANNA.custodian().line() + "\n" + BEN.custodian().line() + "\n");
        Path key = directory.resolve("anna.key");
        try (FakeArchive archive = new FakeArchive();
                RecipientKey recipient = RecipientKey.generate()) {
            archive.capture("c-1", new byte[1], new Custodians(List.of(ANNA.custodian(), BEN.custodian())));
            archive.ask("incident 7", recipient.publicKey().encoded(), "c-1.1");
            CustodianKeys.generate(
                    new PosternHome(directory.resolve("home")), "anna", key, directory.resolve("anna.pub"), RANDOM);
            listed(archive, directory, "refuse o-1 --key " + key);
            assertThat(listed(archive, directory, "decisions --custodians " + custodians, ExitCode.NOT_SOUND))
                    .contains("NOT SIGNED with a key in " + custodians);
        }
    }

    /// Else the next attempt finds a file there, and is refused for it.
    @Test
    @Timeout(60)
    void openWhenEndedFromOutsideThenLeavesNoEmptyFileBehind(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("bodies.jsonl");
        Path token = Files.writeString(directory.resolve("token"), "a.b.c");
        try (FakeArchive archive = new FakeArchive();
                ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            PosternMain.class.getName(),
                            "audit",
                            "open",
                            "--token-file",
                            token.toString(),
                            "--server",
                            "https://localhost:" + silent.getLocalPort(),
                            "--ca",
                            archive.authority(directory.resolve("ca.pem")).toString(),
                            "--reason",
                            "why",
                            "--out",
                            file.toString(),
                            "c-1")
                    .inheritIO()
                    .start();
            try (Socket _ = silent.accept()) {
                assertThat(file).isEmptyFile();
                process.destroy();
                assertThat(process.waitFor()).isEqualTo(143);
                assertThat(file).doesNotExist();
            } finally {
                process.destroyForcibly();
            }
        }
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

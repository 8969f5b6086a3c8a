package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.test.ProjectFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class VectorsCommandTest {
    private static final Path VECTORS = ProjectFiles.root().resolve("testdata/vectors");

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();

    @Test
    void filesOfTheProjectWhenCheckedThenAgree() {
        assertThat(run(VECTORS.resolve("ssp1-x25519.json"), VECTORS.resolve("ssp1-xwing.json")))
                .isZero();
        assertThat(out.toString()).contains("ssp1-xwing.json", "standby").doesNotContain("DIFFERENT");
    }

    /// In the order of derivation, whichever stands first in the file.
    @ParameterizedTest
    @CsvSource({"th1, frame1_ct", "prk, frame0_hdr", "open_body, th2", "key_c, iv_r", "accept_body, exp2"})
    void valuesWhenTwoAreAlteredThenTheFirstIsNamed(String first, String second) throws IOException {
        String text = altered(altered(Files.readString(VECTORS.resolve("ssp1-xwing.json")), first), second);
        Path file = Files.writeString(directory.resolve("altered.json"), text);

        assertThat(run(file)).isEqualTo(1);
        assertThat(out.toString()).endsWith(": " + first + System.lineSeparator());
        assertThat(out.toString().lines()).hasSize(1);
    }

    private static String altered(String text, String member) {
        int value = text.indexOf("\"" + member + "\":\"") + member.length() + 4;
        return text.substring(0, value) + (text.charAt(value) == '0' ? '1' : '0') + text.substring(value + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"OH", "ct1", "open_body", "prk", "fin_r", "iv_r", "es1_upd", "frame0_hdr", "frame1_ct"})
    void valueWhenAlteredThenNamedByItsMember(String member) throws IOException {
        String text = altered(Files.readString(VECTORS.resolve("ssp1-xwing.json")), member);

        assertThat(run(Files.writeString(directory.resolve("altered.json"), text)))
                .isEqualTo(1);
        assertThat(out.toString()).contains("DIFFERENT").endsWith(": " + member + System.lineSeparator());
    }

    @Test
    void fileWhenNotOfKnownAnswersThenTwo() throws IOException {
        assertThat(run(Files.writeString(directory.resolve("garbage"), "garbage")))
                .isEqualTo(2);
        assertThat(run(Files.writeString(directory.resolve("empty"), "{\"suite\":\"xwing\"}")))
                .isEqualTo(2);
        assertThat(out.toString()).contains("no text OH");
        assertThat(run(directory.resolve("absent"))).isEqualTo(2);
        assertThat(run(directory)).isEqualTo(2);
    }

    @Test
    void resultWhenWantedAsJsonThenOneDocument() throws IOException {
        Path garbage = Files.writeString(directory.resolve("garbage"), "{}");
        int code = PosternMain.commandLine()
                .setOut(new PrintWriter(out))
                .execute("vectors", "--json", VECTORS.resolve("ssp1-xwing.json").toString(), garbage.toString());

        JsonNode document = new JsonMapper().readTree(out.toString());
        assertThat(code).isEqualTo(2);
        assertThat(document.path("ok").asBoolean()).isFalse();
        assertThat(document.path("files").path(0).path("ok").asBoolean()).isTrue();
        assertThat(document.path("files").path(1).path("error").asString()).contains("suite");
    }

    private int run(Path... files) {
        String[] arguments = new String[files.length + 1];
        arguments[0] = "vectors";
        for (int i = 0; i < files.length; i++) {
            arguments[i + 1] = files[i].toString();
        }
        return PosternMain.commandLine().setOut(new PrintWriter(out)).execute(arguments);
    }
}

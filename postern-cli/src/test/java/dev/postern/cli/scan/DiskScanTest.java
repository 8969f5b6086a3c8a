package dev.postern.cli.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiskScanTest {
    private static final String VALUE = "ines.0a1b2c3d@mail.example";

    @TempDir
    Path directory;

    @Test
    void scanWhenValueIsNowhereThenNoHits() throws Exception {
        Files.writeString(directory.resolve("clean"), "nothing to see, not even ines.");

        assertThat(DiskScan.of(directory, List.of(VALUE)).filesWithHits()).isEmpty();
    }

    @Test
    void scanWhenValueIsPlainOrWideThenFound() throws Exception {
        Files.writeString(directory.resolve("plain"), "x" + VALUE);
        Files.createDirectories(directory.resolve("sub"));
        Files.write(directory.resolve("sub/wide"), ("xy" + VALUE).getBytes(StandardCharsets.UTF_16LE));

        assertThat(DiskScan.of(directory, List.of(VALUE)).filesWithHits())
                .containsExactlyInAnyOrder(Path.of("plain"), Path.of("sub/wide"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "ab", "abc"})
    void scanWhenValueIsInsideBase64ThenFoundAtAnyAlignment(String before) throws Exception {
        Files.writeString(
                directory.resolve("encoded"),
                Base64.getEncoder().encodeToString((before + VALUE + "after").getBytes(StandardCharsets.UTF_8)));

        assertThat(DiskScan.of(directory, List.of(VALUE)).filesWithHits()).hasSize(1);
    }
}

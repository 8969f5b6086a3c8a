package dev.postern.cli.home;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PromisedFileTest {
    @TempDir
    Path directory;

    @Test
    void fileWhenWrittenThenStays() {
        Path file = directory.resolve("out");
        try (PromisedFile promised = PromisedFile.make(file).orElseThrow()) {
            assertThat(file).isEmptyFile();
            promised.write("one");
        }
        assertThat(file).hasContent("one");
    }

    @Test
    void fileWhenNotWrittenThenGoes() {
        Path file = directory.resolve("out");
        PromisedFile.make(file).orElseThrow().close();
        assertThat(file).doesNotExist();
    }

    @Test
    void fileWhenThereIsOneThenIsLeftAsItIs() throws Exception {
        Path file = Files.writeString(directory.resolve("out"), "old");
        assertThat(PromisedFile.make(file)).isEmpty();
        assertThat(file).hasContent("old");
    }
}

package dev.postern.cli.home;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFilesTest {
    @TempDir
    Path directory;

    @Test
    void writeWhenDirectoryMissingThenBothArePrivate() throws Exception {
        Path file = directory.resolve("a/b/secret");

        PrivateFiles.write(file, "one");
        PrivateFiles.write(file, "two");

        assertThat(file).hasContent("two");
        assertThat(modeOf(file)).isEqualTo("rw-------");
        assertThat(modeOf(directory.resolve("a"))).isEqualTo("rwx------");
        assertThat(directory.resolve("a/b")).isDirectoryNotContaining("glob:**.new");
    }

    /// A directory with something in it cannot be replaced by a file.
    @Test
    void writeWhenItCannotBeFinishedThenLeavesNothingOfItBehind() throws Exception {
        Path file = directory.resolve("secret");
        Files.createDirectories(file.resolve("in-the-way"));

        assertThatThrownBy(() -> PrivateFiles.write(file, "one")).isInstanceOf(UncheckedIOException.class);
        assertThatThrownBy(() -> PrivateFiles.program(file, new byte[1])).isInstanceOf(UncheckedIOException.class);

        assertThat(directory).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void logWhenItExistsThenKept() throws Exception {
        Path log = directory.resolve("x.log");
        PrivateFiles.log(log);
        Files.writeString(log, "line");

        PrivateFiles.log(log);

        assertThat(log).hasContent("line");
        assertThat(modeOf(log)).isEqualTo("rw-------");
    }

    @Test
    void createWhenItExistsThenKept() throws Exception {
        Path file = directory.resolve("c/out");
        assertThat(PrivateFiles.create(file)).isTrue();
        assertThat(modeOf(file)).isEqualTo("rw-------");
        PrivateFiles.write(file, "one");

        assertThat(PrivateFiles.create(file)).isFalse();
        assertThat(file).hasContent("one");
    }

    private static String modeOf(Path file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }
}

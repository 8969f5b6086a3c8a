package dev.postern.rotation.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two processes' handles on one file, between each other's steps.
@SuppressWarnings("NullAway.Init")
final class LedgerFileTest {
    @TempDir
    private Path directory;

    private Path path() {
        return directory.resolve("key-ledger.json");
    }

    private LedgerFile opened() throws IOException {
        LedgerFile file = new LedgerFile(path());
        var _ = file.read();
        return file;
    }

    @Test
    void nobodyWritesBetweenReadingAndReplacing() throws IOException {
        opened().write(LedgerContent.EMPTY.ledBy(1));
        LedgerFile one = opened();
        LedgerFile other = opened();
        List<Exception> refused = new ArrayList<>();
        assertThat(one.takeOver(2, there -> {
                    try {
                        other.write(LedgerContent.EMPTY.ledBy(3));
                    } catch (IOException e) {
                        refused.add(e);
                    }
                    return there;
                }))
                .isPresent();
        assertThat(refused).hasSize(1);
        assertThat(opened().read().fence()).isEqualTo(2);
    }

    @Test
    void ofTwoWhoTakeOverWithOneFenceOneDoes() throws IOException {
        LedgerFile one = opened();
        LedgerFile other = opened();
        assertThat(one.takeOver(7, there -> there)).isPresent();
        assertThat(other.takeOver(7, there -> there)).isEmpty();
        assertThat(other.takeOver(6, there -> there)).isEmpty();
    }

    /// A file system with coarse times may show another's write as the same file.
    @Test
    void fenceCountsEvenIfTheFileLooksTheSame() throws IOException {
        LedgerFile old = opened();
        old.write(LedgerContent.EMPTY.ledBy(1));
        FileTime time = Files.getLastModifiedTime(path());
        Files.writeString(path(), Files.readString(path()).replace("\"fence\":1", "\"fence\":9"));
        Files.setLastModifiedTime(path(), time);
        assertThat(old.changedElsewhere()).isFalse();
        assertThatThrownBy(() -> old.write(LedgerContent.EMPTY.ledBy(1))).isInstanceOf(FencedOut.class);
    }

    @Test
    void missingLedgerIsAnEmptyOneOnlyToWhoeverNeverSawOne() throws IOException {
        LedgerFile file = opened();
        file.write(LedgerContent.EMPTY.ledBy(1));
        Files.delete(path());
        assertThat(file.changedElsewhere()).isTrue();
        assertThatThrownBy(file::read).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> file.takeOver(2, there -> there)).isInstanceOf(IOException.class);
        assertThat(opened().read()).isEqualTo(LedgerContent.EMPTY);
    }
}

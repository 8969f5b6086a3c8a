package dev.postern.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.cli.terminal.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AuditVerificationTest {
    @TempDir
    Path directory;

    @Test
    void runWhenThereIsNoLogThenSaysSo() {
        assertThatThrownBy(() -> new AuditVerification(directory).run())
                .isInstanceOf(Failure.class)
                .hasMessageContaining("no audit log");
    }

    /// Links that lead to themselves cannot be read, not even by root.
    @Test
    void runWhenAFileCannotBeReadThenNamesIt() throws Exception {
        TestLog log = new TestLog(directory, "localhost/audit/2026w48").grow(1, "entry ");
        Path bundle = log.directory.resolve("tile/entries/000.p/1");
        Files.delete(bundle);
        Files.createSymbolicLink(bundle, bundle);

        assertThatThrownBy(() -> new AuditVerification(directory).run())
                .isInstanceOf(Failure.class)
                .hasMessage(bundle + " cannot be read.");
    }

    @Test
    void runWhenALogWasRemovedThenItsKeyTells() throws Exception {
        Files.createDirectories(directory.resolve("log"));
        Path keys = Files.createDirectories(directory.resolve("vkeys"));
        Files.writeString(
                keys.resolve("2026w48.vkey"),
                "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx\n");

        AuditVerification.Shard shard = new AuditVerification(directory).run().getFirst();

        assertThat(shard.report().sound()).isFalse();
        assertThat(shard.origin()).isEqualTo("2026w48");
    }
}

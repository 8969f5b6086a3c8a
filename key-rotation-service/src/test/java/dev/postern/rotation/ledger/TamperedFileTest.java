package dev.postern.rotation.ledger;

import static dev.postern.rotation.ledger.LedgerFixture.GATEWAY;
import static dev.postern.rotation.ledger.LedgerFixture.RELAY;
import static dev.postern.rotation.ledger.LedgerFixture.SETTINGS;
import static dev.postern.rotation.ledger.LedgerFixture.SIGNER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.rotation.lifecycle.KeyClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Somebody touches the file under a running leader, who knows better.
@SuppressWarnings("NullAway.Init")
final class TamperedFileTest {
    @TempDir
    private Path directory;

    private LedgerFixture it;

    @BeforeEach
    void aKeyThatIsDeniedAndOneThatSigns() throws Exception {
        it = new LedgerFixture(directory);
        it.activeKey("first");
        var _ = it.register("spare");
        it.all(SIGNER, GATEWAY, RELAY);
        var _ = it.ledger.compromise(new Compromise(
                KeyClass.TOKEN_SIGNING,
                Optional.of("first"),
                Optional.empty(),
                Compromise.Mode.REAL,
                "one",
                Optional.of("two"),
                it.clock.instant()));
    }

    private void assertNothingIsForgotten() {
        assertThat(it.ledger.leads()).isTrue();
        assertThat(it.state("first")).isEqualTo("COMPROMISED");
        assertThat(it.state("spare")).isEqualTo("ACTIVE");
    }

    private void assertItIsOnDisk() {
        it.restart();
        assertNothingIsForgotten();
    }

    @Test
    void deletedFileIsWrittenAgain() throws IOException {
        Files.delete(it.path);
        it.pass(1, SIGNER, GATEWAY, RELAY);
        assertNothingIsForgotten();
        assertThat(it.path).exists();
        assertItIsOnDisk();
    }

    @Test
    void touchedFileEndsNoLeadership() throws Exception {
        Files.setLastModifiedTime(it.path, FileTime.fromMillis(0));
        it.pass(2, SIGNER, GATEWAY, RELAY);
        assertNothingIsForgotten();
        var _ = it.register("third");
        assertThat(it.state("third")).isEqualTo("PREPARED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"format\":2,\"version\":1,\"keys\":[],\"fence\":1}"})
    void fileThatSaysSomethingElseIsWrittenAgain(String content) throws IOException {
        Files.writeString(it.path, content);
        it.pass(1, SIGNER, GATEWAY, RELAY);
        assertNothingIsForgotten();
        assertItIsOnDisk();
    }

    /// A directory in its place can be looked at and not be read, whoever this process runs as.
    @Test
    void unreadableFileChangesNothingUntilItCanBeReadAgain() throws Exception {
        Files.delete(it.path);
        Files.createDirectory(it.path);
        it.pass(2, SIGNER, GATEWAY, RELAY);
        assertNothingIsForgotten();
        assertThatThrownBy(() -> it.register("third")).isInstanceOf(LedgerUnwritable.class);

        Files.delete(it.path);
        it.pass(6, SIGNER, GATEWAY, RELAY);
        var _ = it.register("third");
        assertItIsOnDisk();
    }

    @Test
    void whoReadsAlongKeepsWhatItReadBefore() throws IOException {
        KeyLedger standby = it.opened(_ -> OptionalLong.empty(), SETTINGS);
        Files.delete(it.path);
        standby.tick();
        assertThat(standby.ring().keys()).containsOnlyKeys("first", "spare");
        Files.writeString(it.path, "[");
        standby.tick();
        assertThat(standby.ring().keys()).containsOnlyKeys("first", "spare");
    }
}

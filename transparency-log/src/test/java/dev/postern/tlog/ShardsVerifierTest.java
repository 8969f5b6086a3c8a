package dev.postern.tlog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.tlog.note.NoteVerifier;
import dev.postern.tlog.store.LogDirectory;
import dev.postern.tlog.store.TestKeys;
import dev.postern.tlog.store.TiledLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ShardsVerifierTest {

    @TempDir
    Path directory;

    private Path logs;
    private Path keys;

    @BeforeEach
    void oneShard() throws IOException {
        logs = directory.resolve("log");
        keys = Files.createDirectory(directory.resolve("vkeys"));
        TiledLog log = TiledLog.open(new LogDirectory(logs.resolve(TestKeys.ORIGIN)), TestKeys.signer());
        log.append(new byte[] {1});
        log.publish();
        Files.writeString(keys.resolve("testdata.vkey"), TestKeys.PUBLIC + "\n");
    }

    private Inconsistency fault() throws IOException {
        return ShardsVerifier.verify(logs, keys)
                .getFirst()
                .report()
                .inconsistency()
                .orElseThrow();
    }

    @Test
    void everyShardIsChecked() throws IOException {
        List<ShardReport> reports = ShardsVerifier.verify(logs, keys);
        assertThat(reports).singleElement().satisfies(shard -> {
            assertThat(shard.origin()).isEqualTo(TestKeys.ORIGIN);
            assertThat(shard.report().sound()).isTrue();
            assertThat(shard.report().leaves()).isEqualTo(1);
        });
    }

    @Test
    void anyFlippedBitInTheKeyIsNoticed() throws IOException {
        byte[] key = Files.readAllBytes(keys.resolve("testdata.vkey"));
        for (int i = 0; i < key.length; i++) {
            key[i] ^= 4;
            Files.write(keys.resolve("testdata.vkey"), key);
            assertThat(fault().path()).isEqualTo("testdata.vkey");
            key[i] ^= 4;
        }
    }

    @Test
    void aMissingKeyAndAMissingLogAreNoticed() throws IOException {
        Files.delete(keys.resolve("testdata.vkey"));
        assertThat(fault().what()).contains("key is missing");

        Files.writeString(keys.resolve("2026w01.vkey"), TestKeys.PUBLIC + "\n");
        assertThat(ShardsVerifier.verify(logs, keys))
                .hasSize(2)
                .noneMatch(shard -> shard.report().sound());
    }

    @Test
    void aMissingCheckpointIsNoticed() throws IOException {
        Files.delete(logs.resolve(TestKeys.ORIGIN).resolve("checkpoint"));
        assertThat(fault().path()).isEqualTo("checkpoint");
    }

    private List<ShardReport> verify(PriorKnowledge prior) throws IOException {
        return ShardsVerifier.verify(logs, keys, prior, (_, _) -> {});
    }

    @Test
    void aPinnedKeyNeedsNoFileAndAllowsNoOther() throws Exception {
        PriorKnowledge pinned = new PriorKnowledge(Map.of(TestKeys.ORIGIN, TestKeys.verifier()), Map.of());
        Files.delete(keys.resolve("testdata.vkey"));
        assertThat(verify(pinned)).allMatch(shard -> shard.report().sound());

        NoteVerifier other = NoteVerifier.of(
                TestKeys.ORIGIN,
                KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic());
        Files.writeString(keys.resolve("testdata.vkey"), other + "\n");
        assertThat(verify(pinned))
                .singleElement()
                .satisfies(shard -> assertThat(
                                shard.report().inconsistency().orElseThrow().what())
                        .contains("pinned"));
    }

    @Test
    void aLogThatIsKnownOfMustBeThere() throws IOException {
        byte[] note = Files.readAllBytes(logs.resolve(TestKeys.ORIGIN).resolve("checkpoint"));
        PriorKnowledge prior = new PriorKnowledge(Map.of(), Map.of("example.com/log/other", List.of(note)));
        assertThat(verify(prior)).extracting(ShardReport::origin).contains("example.com/log/other");
        assertThat(verify(prior)).anyMatch(shard -> !shard.report().sound());
    }
}

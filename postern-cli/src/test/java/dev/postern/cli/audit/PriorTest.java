package dev.postern.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.cli.terminal.Failure;
import dev.postern.tlog.PriorKnowledge;
import dev.postern.tlog.note.CosignatureVerifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is brought along to a check: pinned keys and earlier checkpoints.
final class PriorTest {
    private static final String ORIGIN = "localhost/audit/2026w48";

    @TempDir
    Path home;

    @Test
    void pinnedKeysWhenTextOrFileThenTheSameKey() throws Exception {
        TestLog log = new TestLog(home, ORIGIN);
        String text = log.signer.verifier().toString();
        String file = home.resolve("vkeys/2026w48.vkey").toString();
        assertThat(PinnedKeys.of(List.of(text)).get(ORIGIN)).hasToString(text);
        assertThat(PinnedKeys.of(List.of(file)).get(ORIGIN)).hasToString(text);
        assertThatThrownBy(() -> PinnedKeys.of(List.of(text, file))).hasMessageContaining("two keys");
        assertThatThrownBy(() -> PinnedKeys.of(List.of("nonsense")))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("no verifier key in nonsense");
    }

    @Test
    void secondKeyWhenGivenThenTheLogMustBeSignedWithItToo() throws Exception {
        TestLog log = new TestLog(home, ORIGIN).grow(3, "entry");
        KeyPair pair = KeyPairGenerator.getInstance("ML-DSA-44").generateKeyPair();
        String text = CosignatureVerifier.of(ORIGIN, pair.getPublic()).toString();
        Path file = Files.writeString(home.resolve("2026w48.mldsa44"), text + "\n");
        assertThat(PinnedKeys.isSecond(file.toString())).isTrue();
        assertThat(PinnedKeys.isSecond(log.signer.verifier().toString())).isFalse();
        Map<String, CosignatureVerifier> second =
                PinnedKeys.second(List.of(log.signer.verifier().toString(), file.toString()));
        assertThat(second).containsOnlyKeys(ORIGIN);
        assertThatThrownBy(() -> PinnedKeys.second(List.of(text, text))).hasMessageContaining("two ML-DSA-44 keys");

        List<AuditVerification.Shard> found = new AuditVerification(
                        home, new PriorKnowledge(Map.of(), Map.of(), List.of(), second), (_, _) -> {})
                .run();
        assertThat(found.getFirst().report().inconsistency().orElseThrow().what())
                .contains("not signed by " + ORIGIN + " with ML-DSA-44");
    }

    @Test
    void earlierCheckpointsWhenFilesAndDirectoriesThenAllOfTheirNotes() throws Exception {
        TestLog log = new TestLog(home, ORIGIN).grow(3, "entry ");
        Path kept = Files.write(home.resolve("kept"), log.checkpoint());
        log.grow(2, "entry ");
        assertThat(EarlierCheckpoints.in(List.of(home)).get(ORIGIN)).containsExactly(log.checkpoint());
        assertThat(EarlierCheckpoints.in(List.of(log.directory, kept)).get(ORIGIN))
                .containsExactly(log.checkpoint(), Files.readAllBytes(kept));
        assertThatThrownBy(() -> EarlierCheckpoints.in(List.of(home.resolve("vkeys"))))
                .hasMessageContaining("no file named checkpoint");
        assertThatThrownBy(() -> EarlierCheckpoints.in(List.of(home.resolve("vkeys/2026w48.vkey"))))
                .hasMessageContaining("no checkpoint in");
        assertThatThrownBy(() -> EarlierCheckpoints.in(List.of(home.resolve("nothing"))))
                .hasMessageContaining("cannot be read");
    }

    @Test
    void runWhenADirectoryOnlyGrewThenSoundElseBothSizesAreNamed() throws Exception {
        TestLog log = new TestLog(home, ORIGIN).grow(300, "entry ");
        PriorKnowledge prior = new PriorKnowledge(Map.of(), EarlierCheckpoints.in(List.of(home)));
        log.grow(100, "entry ");
        assertThat(new AuditVerification(home, prior, (_, _) -> {}).run())
                .allMatch(shard -> shard.report().sound());
        assertThat(new AuditVerification(home, prior, (_, _) -> {}).key(ORIGIN)).isNotNull();
    }
}

package dev.postern.tlog.note;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.tlog.store.TestKeys;
import dev.postern.tlog.tree.Hash;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NoteTest {

    private static final Checkpoint CHECKPOINT = new Checkpoint(TestKeys.ORIGIN, 7, Hash.EMPTY);

    private static byte[] signed() {
        return TestKeys.signer().sign(CHECKPOINT.text()).getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aSignedCheckpointOpens() {
        assertThat(Checkpoint.open(signed(), TestKeys.verifier())).hasValue(CHECKPOINT);
    }

    @Test
    void noBitMayChange() {
        byte[] note = signed();
        for (int i = 0; i < note.length * 8; i++) {
            note[i / 8] ^= (byte) (1 << (i % 8));
            assertThat(Checkpoint.open(note, TestKeys.verifier()))
                    .as("bit %d", i)
                    .isEmpty();
            note[i / 8] ^= (byte) (1 << (i % 8));
        }
    }

    @Test
    void signaturesOfOthersMayFollow() {
        String cosigned = new String(signed(), StandardCharsets.UTF_8)
                + "\u2014 witness.example BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n";
        assertThat(Checkpoint.open(cosigned.getBytes(StandardCharsets.UTF_8), TestKeys.verifier()))
                .hasValue(CHECKPOINT);
        String malformed = new String(signed(), StandardCharsets.UTF_8) + "\u2014 witness.example !!\n";
        assertThat(Checkpoint.open(malformed.getBytes(StandardCharsets.UTF_8), TestKeys.verifier()))
                .isEmpty();
    }

    @Test
    void verifierKeysHaveOneSpelling() {
        assertThat(TestKeys.verifier()).hasToString(TestKeys.PUBLIC);
        byte[] text = TestKeys.PUBLIC.getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < text.length * 8; i++) {
            text[i / 8] ^= (byte) (1 << (i % 8));
            assertThat(NoteVerifier.parse(new String(text, StandardCharsets.ISO_8859_1)))
                    .as("bit %d", i)
                    .isEmpty();
            text[i / 8] ^= (byte) (1 << (i % 8));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "log\n7\n",
                "log\n07\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
                "log\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
                "log\n7\n47DEQpj8HBSa\n",
                "\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
                "log\n7\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
            })
    void anythingElseIsNoCheckpoint(String text) {
        assertThat(Checkpoint.parse(text)).isEmpty();
    }
}

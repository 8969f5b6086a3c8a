package dev.postern.tlog.note;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.tlog.store.TestKeys;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Known answers: the checkpoint of the specification, cosigned by OpenSSL with the public test key of the golden log.
final class CosignatureTest {

    private static final String VKEY = "witness.example.com/w1+82ccc88e+BOHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx";
    private static final String TEXT =
            "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
    private static final Instant TIME = Instant.ofEpochSecond(1_679_315_147);
    private static final String LINE =
            "\u2014 witness.example.com/w1 gszIjgAAAABkGFDLf1h3EmjxRSyLoBG+HlbBqVLLiZi6q6Eh7w"
                    + "M2q9e76NrD+0ZKuO8sfx9Gayz6r7mfaidSpE66kDfjC3ZhkWSnCw==";

    private static CosignatureVerifier witness() {
        return CosignatureVerifier.parse(VKEY).orElseThrow();
    }

    @Test
    void signingGivesTheKnownLine() {
        CosignatureSigner signer =
                new CosignatureSigner(witness(), TestKeys.signer().signature());
        assertThat(signer.cosign(TEXT, TIME)).isEqualTo(LINE + "\n");
        assertThatThrownBy(() -> signer.cosign("text", TIME)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theKnownLineVerifiesAndHasItsTime() {
        assertThat(witness().verify(TEXT, LINE)).hasValue(new Cosignature("witness.example.com/w1", TIME, LINE + "\n"));
    }

    @Test
    void anythingElseDoesNot() {
        assertThat(witness().verify(TEXT.replace("20852163", "20852164"), LINE)).isEmpty();
        assertThat(witness().verify(TEXT + "extension\n", LINE)).isEmpty();
        assertThat(witness().verify(TEXT, LINE.replace("/w1", "/w2"))).isEmpty();
        assertThat(witness().verify(TEXT, LINE.replace("gszI", "gszJ"))).isEmpty();
        assertThat(witness().verify(TEXT, LINE.replace("kGFDL", "kGFDM"))).isEmpty();
        assertThat(witness().verify(TEXT, LINE + "\n")).isEmpty();
        assertThat(witness().verify(TEXT, "")).isEmpty();
    }

    /// The second is a witness that is in use elsewhere.
    @ParameterizedTest
    @ValueSource(strings = {VKEY, "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"})
    void keysOfOthersAreRead(String vkey) {
        assertThat(CosignatureVerifier.parse(vkey).orElseThrow()).hasToString(vkey);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "witness.example.com/w1+82ccc88e",
                "witness.example.com/w1+82ccc88f+BOHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx",
                "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx",
                "witness.example.com/w1+82ccc88e+BOHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSy"
            })
    void whatIsNoKeyOfAWitnessIsNot(String vkey) {
        assertThat(CosignatureVerifier.parse(vkey)).isEmpty();
    }

    @Test
    void aCosignedCheckpointStillOpensUnderTheLogsKey() {
        String note =
                TestKeys.signer().sign("example.com/log/testdata\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
        CosignatureSigner signer =
                new CosignatureSigner(witness(), TestKeys.signer().signature());
        String text = SignedNote.text(note.getBytes(StandardCharsets.UTF_8)).orElseThrow();
        byte[] cosigned = (note + signer.cosign(text, TIME)).getBytes(StandardCharsets.UTF_8);
        assertThat(Checkpoint.open(cosigned, TestKeys.verifier())).isPresent();
        assertThat(SignedNote.text(cosigned)).hasValue(text);
    }
}

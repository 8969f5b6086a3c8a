package dev.postern.tlog.note;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.postern.test.ProjectFiles;
import dev.postern.tlog.PriorKnowledge;
import dev.postern.tlog.store.TestKeys;
import dev.postern.tlog.tree.Hash;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The second signature of a checkpoint, ML-DSA-44: a known answer of another implementation, and what readers make of
/// it.
final class MlDsaSignatureTest {
    private static final List<String> VECTOR = ProjectFiles.vectors("mldsa44-checkpoint.txt")
            .lines()
            .filter(line -> !line.startsWith("#"))
            .toList();
    private static final String VKEY = VECTOR.getFirst();
    private static final String TEXT = String.join("\n", VECTOR.subList(1, 4)) + "\n";
    private static final String LINE = VECTOR.getLast();
    private static final Checkpoint CHECKPOINT = new Checkpoint(TestKeys.ORIGIN, 7, Hash.EMPTY);
    private static final KeyPair KEYS = keys();

    private static KeyPair keys() {
        try {
            return KeyPairGenerator.getInstance("ML-DSA-44").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has ML-DSA", e);
        }
    }

    private static byte[] sign(byte[] message) {
        try {
            Signature signature = Signature.getInstance("ML-DSA-44");
            signature.initSign(KEYS.getPrivate());
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has ML-DSA", e);
        }
    }

    private static CosignatureVerifier theirs() {
        return CosignatureVerifier.parse(VKEY).orElseThrow();
    }

    private static CosignatureSigner ours(String name) {
        return new CosignatureSigner(CosignatureVerifier.of(name, KEYS.getPublic()), MlDsaSignatureTest::sign);
    }

    private static byte[] twiceSigned() {
        NoteSigner signer =
                new NoteSigner(TestKeys.verifier(), TestKeys.signer().signature(), Optional.of(ours(TestKeys.ORIGIN)));
        return signer.sign(CHECKPOINT).getBytes(StandardCharsets.UTF_8);
    }

    private static PriorKnowledge wanting(CosignatureVerifier key) {
        return new PriorKnowledge(Map.of(), Map.of(), List.of(), Map.of(TestKeys.ORIGIN, key));
    }

    @Test
    void keyOfAnotherImplementationIsReadAndHasOneSpelling() {
        assertThat(theirs()).hasToString(VKEY);
        assertThat(theirs().algorithm()).isEqualTo("ML-DSA-44");
        assertThat(theirs().isPostQuantum()).isTrue();
        assertThat(CosignatureVerifier.parse(VKEY.substring(0, VKEY.length() - 4)))
                .isEmpty();
        assertThat(CosignatureVerifier.parse(VKEY.replace("+b5df45c5+", "+b5df45c6+")))
                .isEmpty();
        assertThat(NoteVerifier.parse(VKEY))
                .as("it is no key of the first kind")
                .isEmpty();
    }

    @Test
    void checkpointOfAnotherImplementationVerifiesAndNothingElseDoes() {
        assertThat(theirs().verify(TEXT, LINE))
                .hasValue(new Cosignature("example.com/mldsa-log", Instant.EPOCH, LINE + "\n"));
        String otherSize = TEXT.replaceFirst("\n[0-9]+\n", "\n77\n");
        assertThat(otherSize).isNotEqualTo(TEXT);
        assertThat(theirs().verify(otherSize, LINE)).isEmpty();
        assertThat(theirs().verify(TEXT.replace("mldsa-log", "mldsb-log"), LINE))
                .isEmpty();
        assertThat(theirs().verify(TEXT + "extension\n", LINE))
                .as("it would not be signed")
                .isEmpty();
        for (int i = LINE.length() - 3200; i < LINE.length() - 4; i += 97) {
            char other = LINE.charAt(i) == 'A' ? 'B' : 'A';
            assertThat(theirs().verify(TEXT, LINE.substring(0, i) + other + LINE.substring(i + 1)))
                    .as("character %s", i)
                    .isEmpty();
        }
    }

    @Test
    void checkpointWhenSignedTwiceThenEitherKeyOpensIt() {
        byte[] note = twiceSigned();
        assertThat(Checkpoint.open(note, TestKeys.verifier()))
                .as("who knows Ed25519 only")
                .hasValue(CHECKPOINT);
        assertThat(wanting(ours(TestKeys.ORIGIN).verifier()).missingWitness(note))
                .isEmpty();
        byte[] once = TestKeys.signer().sign(CHECKPOINT).getBytes(StandardCharsets.UTF_8);
        assertThat(wanting(ours(TestKeys.ORIGIN).verifier()).missingWitness(once))
                .hasValue("signed by " + TestKeys.ORIGIN + " with ML-DSA-44");
        assertThat(wanting(theirs()).missingWitness(note)).isPresent();
    }

    @Test
    void witnessOfThisKindIsOneAsWell() {
        CosignatureSigner witness = ours("witness.example.com/w2");
        Instant time = Instant.ofEpochSecond(1_679_315_147);
        String line = witness.cosign(CHECKPOINT.text(), time);
        assertThat(witness.verifier().verify(CHECKPOINT.text(), line.strip()))
                .hasValue(new Cosignature("witness.example.com/w2", time, line));
        CosignatureVerifier renamed = CosignatureVerifier.of("witness.example.com/w3", KEYS.getPublic());
        assertThat(renamed.verify(CHECKPOINT.text(), line.strip().replace("/w2", "/w3")))
                .as("the name is signed too")
                .isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> witness.cosign(CHECKPOINT.text() + "extension\n", time));
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new NoteSigner(TestKeys.verifier(), TestKeys.signer().signature(), Optional.of(witness)))
                .withMessageContaining("one name");
    }
}

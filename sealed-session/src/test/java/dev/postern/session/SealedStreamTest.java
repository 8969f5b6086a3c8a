package dev.postern.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A sealed stream opens whole, by the holder of the key, or not at all beyond where it was touched.
final class SealedStreamTest {
    private static final int CHUNK = SealingStream.CHUNK;
    private static final int SEALED = CHUNK + SealingStream.TAG;
    private static final int ENCAPSULATION = Suite.X_WING.encapsulationLength();
    private static final byte[] CONTEXT = {1, 2, 3};
    private static final RecipientKey KEY = RecipientKey.generate();

    @AfterAll
    static void erase() {
        KEY.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 17})
    void openWhenUntouchedThenTheSame(int length) throws IOException {
        byte[] plaintext = plaintext(length);
        byte[] sealed = seal(plaintext);
        assertThat(open(sealed)).isEqualTo(plaintext);
        int chunks = Math.max(1, (length + CHUNK - 1) / CHUNK);
        assertThat(sealed).hasSize(ENCAPSULATION + length + chunks * SealingStream.TAG);
    }

    @Test
    void openWhenAnyBitIsFlippedThenRefusedAtItsChunk() throws IOException {
        byte[] sealed = seal(plaintext(2 * CHUNK + 5));
        Random random = new Random(5);
        for (int i = 0; i < 60; i++) {
            int at = i < 20 ? random.nextInt(ENCAPSULATION) : random.nextInt(sealed.length);
            byte[] altered = sealed.clone();
            altered[at] ^= (byte) (1 << random.nextInt(8));
            long chunk = at < ENCAPSULATION ? 0 : (at - ENCAPSULATION) / SEALED;
            refused(altered, chunk);
        }
    }

    @Test
    void openWhenCutAnywhereThenRefused() throws IOException {
        byte[] sealed = seal(plaintext(2 * CHUNK));
        for (int length : new int[] {0, 1, ENCAPSULATION - 1, ENCAPSULATION, ENCAPSULATION + 15, ENCAPSULATION + 16}) {
            refused(Arrays.copyOf(sealed, length), 0);
        }
        // At the border of a chunk, which is then in the place of the last.
        refused(Arrays.copyOf(sealed, ENCAPSULATION + SEALED), 0);
        refused(Arrays.copyOf(sealed, sealed.length - 1), 1);
    }

    @Test
    void openWhenChunksAreLeftOutRepeatedSwappedOrAppendedThenRefused() throws IOException {
        byte[] sealed = seal(plaintext(4 * CHUNK));
        refused(joined(sealed, 1, 2, 3), 0);
        refused(joined(sealed, 0, 2, 3), 1);
        refused(joined(sealed, 0, 1, 1, 2, 3), 2);
        refused(joined(sealed, 0, 2, 1, 3), 1);
        refused(joined(sealed, 0, 1, 2, 3, 3), 3);
        refused(Hashing.concatenate(sealed, new byte[] {0}), 3);
    }

    @Test
    void openWhenAChunkWasPutInThenNothingBehindItIsGivenOutEither() throws IOException {
        byte[] sealed = joined(seal(plaintext(4 * CHUNK)), 0, 1, 1, 2, 3);
        try (InputStream in = KEY.open(new ByteArrayInputStream(sealed), CONTEXT)) {
            assertThat(in.readNBytes(2 * CHUNK)).isEqualTo(plaintext(2 * CHUNK));
            for (int i = 0; i < 3; i++) {
                assertThatExceptionOfType(NotAuthentic.class)
                        .isThrownBy(in::read)
                        .satisfies(refusal -> assertThat(refusal.offset()).isEqualTo(2L * CHUNK));
            }
        }
    }

    @Test
    void openWhenForAnotherKeyOrContextThenRefused() throws IOException {
        byte[] sealed = seal(plaintext(10));
        try (RecipientKey other = RecipientKey.generate()) {
            assertThatExceptionOfType(NotAuthentic.class)
                    .isThrownBy(() -> other.open(new ByteArrayInputStream(sealed), CONTEXT)
                            .readAllBytes());
        }
        assertThatExceptionOfType(NotAuthentic.class)
                .isThrownBy(() -> KEY.open(new ByteArrayInputStream(sealed), new byte[] {1, 2})
                        .readAllBytes());
    }

    @Test
    void closeWhenNotFinishedThenTheStreamHasNoEnd() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (SealingStream sealing = KEY.publicKey().seal(out, CONTEXT)) {
            sealing.write(plaintext(2 * CHUNK));
        }
        refused(out.toByteArray(), 0);
    }

    @Test
    void writeWhenFinishedThenRefused() throws IOException {
        try (SealingStream sealing = KEY.publicKey().seal(new ByteArrayOutputStream(), CONTEXT)) {
            sealing.finish();
            assertThatIOException().isThrownBy(() -> sealing.write(1));
        }
    }

    @Test
    void keysWhenWrittenDownThenTheSameAgainAndOnlyInPairs() throws IOException {
        RecipientPublicKey publicKey =
                RecipientPublicKey.parse(KEY.publicKey().encoded()).orElseThrow();
        assertThat(publicKey).isEqualTo(KEY.publicKey());
        assertThat(publicKey.name()).hasSize(16).isEqualTo(KEY.publicKey().name());
        byte[] sealed = seal(plaintext(3));
        try (RecipientKey again =
                RecipientKey.parse(publicKey, KEY.insecureEncoded()).orElseThrow()) {
            assertThat(again.open(new ByteArrayInputStream(sealed), CONTEXT).readAllBytes())
                    .isEqualTo(plaintext(3));
        }
        try (RecipientKey other = RecipientKey.generate()) {
            assertThat(RecipientKey.parse(publicKey, other.insecureEncoded())).isEmpty();
        }
        assertThat(RecipientKey.parse(publicKey, "AAAA")).isEmpty();
        assertThat(RecipientPublicKey.parse("AAAA")).isEmpty();
        assertThat(KEY.toString()).doesNotContain(KEY.insecureEncoded());
    }

    private static byte[] plaintext(int length) {
        byte[] octets = new byte[3 * CHUNK + CHUNK];
        new Random(1).nextBytes(octets);
        return Arrays.copyOf(octets, length);
    }

    private static byte[] seal(byte[] plaintext) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (SealingStream sealing = KEY.publicKey().seal(out, CONTEXT)) {
            sealing.write(plaintext, 0, plaintext.length / 2);
            for (int i = plaintext.length / 2; i < Math.min(plaintext.length, plaintext.length / 2 + 3); i++) {
                sealing.write(plaintext[i]);
            }
            int rest = Math.min(plaintext.length, plaintext.length / 2 + 3);
            sealing.write(plaintext, rest, plaintext.length - rest);
            sealing.finish();
        }
        return out.toByteArray();
    }

    private static byte[] open(byte[] sealed) throws IOException {
        try (InputStream in = KEY.open(new ByteArrayInputStream(sealed), CONTEXT)) {
            return in.readAllBytes();
        }
    }

    private static void refused(byte[] sealed, long chunk) {
        assertThatExceptionOfType(NotAuthentic.class)
                .isThrownBy(() -> open(sealed))
                .satisfies(refusal -> {
                    assertThat(refusal.chunk()).isEqualTo(chunk);
                    assertThat(refusal.offset()).isEqualTo(chunk * CHUNK);
                });
    }

    /// The encapsulation, and then the named chunks.
    private static byte[] joined(byte[] sealed, int... chunks) {
        byte[] all = Arrays.copyOf(sealed, ENCAPSULATION);
        for (int chunk : chunks) {
            int from = ENCAPSULATION + chunk * SEALED;
            all = Hashing.concatenate(all, Arrays.copyOfRange(sealed, from, Math.min(from + SEALED, sealed.length)));
        }
        return all;
    }
}

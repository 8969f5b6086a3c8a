package dev.postern.kms.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.postern.kms.KeyName;
import dev.postern.kms.LocalKeyManagement;
import dev.postern.kms.Passphrase;
import dev.postern.kms.envelope.NotOpened.Reason;
import dev.postern.test.MutableClock;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SealedArchiveTest {
    private static final int CHUNK = 64 * 1024;
    private static final int HEADER = 18 + 4 + 32;

    @TempDir
    Path directory = Path.of("");

    private final SecureRandom random = new SecureRandom();
    private LocalKeyManagement kms = unopened();
    private KeyRing ring = ring();

    @SuppressWarnings("NullAway") // Opened before each test.
    private static LocalKeyManagement unopened() {
        return null;
    }

    @SuppressWarnings("NullAway") // Opened before each test.
    private static KeyRing ring() {
        return null;
    }

    @BeforeEach
    void open() {
        kms = LocalKeyManagement.open(
                directory.resolve("keyset.json"), Passphrase.of("only for this test run".toCharArray()), random);
        ring = ring("shelf");
    }

    @AfterEach
    void close() {
        kms.close();
    }

    private KeyRing ring(String shelf) {
        return KeyRing.open(
                kms,
                KeyName.wrapping("store"),
                new FileKeyShelf(directory.resolve(shelf)),
                random,
                MutableClock.atNoon());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 17})
    void openingWhenSealedThenTheSame(int length) throws Exception {
        byte[] content = new byte[length];
        random.nextBytes(content);
        byte[] sealed = sealed(content);
        int chunks = Math.max(1, (length + CHUNK - 1) / CHUNK);
        assertThat(sealed).hasSize(HEADER + length + 16 * chunks);
        assertThat(opened(sealed)).isEqualTo(content);
        ring.rotate(KeyUse.BACKUPS);
        assertThat(opened(sealed)).isEqualTo(content);
    }

    @Test
    void openingWhenAlteredCutReorderedOrExtendedThenRefused() throws Exception {
        byte[] content = new byte[2 * CHUNK + 100];
        random.nextBytes(content);
        byte[] sealed = sealed(content);
        int sealedChunk = CHUNK + 16;
        for (int at : new int[] {HEADER - 1, HEADER, HEADER + sealedChunk, sealed.length - 1}) {
            byte[] altered = sealed.clone();
            altered[at] ^= 1;
            assertThatIOException().isThrownBy(() -> opened(altered));
        }
        for (int cut :
                new int[] {HEADER, HEADER + 15, HEADER + sealedChunk, HEADER + 2 * sealedChunk, sealed.length - 1}) {
            assertThatIOException().as("cut at %d", cut).isThrownBy(() -> opened(Arrays.copyOf(sealed, cut)));
        }
        byte[] reordered = sealed.clone();
        System.arraycopy(sealed, HEADER, reordered, HEADER + sealedChunk, sealedChunk);
        System.arraycopy(sealed, HEADER + sealedChunk, reordered, HEADER, sealedChunk);
        assertThatIOException().isThrownBy(() -> opened(reordered));
        assertThatIOException().isThrownBy(() -> opened(Arrays.copyOf(sealed, sealed.length + 1)));
    }

    @Test
    void openingWhenNoArchiveOrItsKeyIsGoneThenRefused() throws Exception {
        byte[] sealed = sealed(new byte[10]);
        refused(Reason.NO_RECORD, new byte[HEADER]);
        refused(Reason.NO_RECORD, new byte[0]);
        KeyRing others = ring("other-shelf");
        assertThatIOException()
                .isThrownBy(() -> SealedArchive.opening(others, new ByteArrayInputStream(sealed))
                        .readAllBytes());
        ring.rotate(KeyUse.BACKUPS);
        ring.destroy(KeyUse.BACKUPS, 1);
        refused(Reason.UNKNOWN_KEY, sealed);
    }

    private void refused(Reason reason, byte[] archive) {
        assertThatExceptionOfType(NotOpened.class)
                .isThrownBy(() -> opened(archive))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private byte[] sealed(byte[] content) throws IOException {
        ByteArrayOutputStream to = new ByteArrayOutputStream();
        try (OutputStream archive = SealedArchive.sealing(ring, to, random)) {
            // In pieces of all sizes.
            for (int at = 0, step = 1; at < content.length; at += step, step = Math.min(step * 3, 100_000)) {
                archive.write(content, at, Math.min(step, content.length - at));
            }
        }
        return to.toByteArray();
    }

    private byte[] opened(byte[] sealed) throws IOException, NotOpened {
        try (InputStream archive = SealedArchive.opening(ring, new ByteArrayInputStream(sealed))) {
            return archive.readAllBytes();
        }
    }
}

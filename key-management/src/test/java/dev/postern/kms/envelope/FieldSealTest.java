package dev.postern.kms.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.kms.KeyManagementException;
import dev.postern.kms.KeyName;
import dev.postern.kms.LocalKeyManagement;
import dev.postern.kms.Passphrase;
import dev.postern.kms.envelope.NotOpened.Reason;
import dev.postern.test.MutableClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Records, keys and indexes of a store, over a real keyset and a real shelf. Replicas that stall: [KeyRingTest].
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FieldSealTest {
    private static final KeyName STORE = KeyName.wrapping("test-store");
    private static final Place HERE = new Place("store", "table.column", "row-1");
    private static final byte[] VALUE = "someone@example.com".getBytes(StandardCharsets.UTF_8);

    @TempDir
    static Path directory = Path.of("");

    private final SecureRandom random = new SecureRandom();
    private final MutableClock clock = MutableClock.atNoon();
    private int shelves;
    private LocalKeyManagement local = unopened();
    private CountingKms kms = new CountingKms(local);

    @SuppressWarnings("NullAway") // Opened before all tests.
    private static LocalKeyManagement unopened() {
        return null;
    }

    @BeforeAll
    void open() {
        local = keyset("keyset.json");
        kms = new CountingKms(local);
    }

    @AfterAll
    void close() {
        local.close();
    }

    private LocalKeyManagement keyset(String name) {
        return LocalKeyManagement.open(
                directory.resolve(name), Passphrase.of("correct horse battery staple".toCharArray()), random);
    }

    private synchronized Path shelfFile() {
        return directory.resolve("shelf-" + shelves++);
    }

    private KeyRing ring(Path shelf) {
        return KeyRing.open(kms, STORE, new FileKeyShelf(shelf), random, clock);
    }

    private FieldSeal seal(KeyRing ring) {
        return new FieldSeal(ring, random);
    }

    private static void refused(Reason reason, ThrowingCallable opening) {
        assertThatExceptionOfType(NotOpened.class)
                .isThrownBy(opening)
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void openWhenSealedHereThenTheValueWhateverItsLength() throws NotOpened {
        FieldSeal seal = seal(ring(shelfFile()));
        Random lengths = new Random(1);
        for (int i = 0; i < 300; i++) {
            byte[] value = new byte[i < 70 ? i : lengths.nextInt(20_000)];
            random.nextBytes(value);
            byte[] sealed = seal.seal(HERE, value);
            assertThat(sealed).hasSize(value.length + 45);
            assertThat(seal.open(HERE, sealed)).isEqualTo(value);
        }
        String text = "Zürich, 東京, 🔑";
        assertThat(seal.openText(HERE, seal.sealText(HERE, text))).isEqualTo(text);
        assertThat(seal.sealText(HERE, text)).matches("pe1\\.[A-Za-z0-9_-]+");
    }

    @Test
    void sealWhenTwiceThenNothingOfBothIsEqual() {
        FieldSeal seal = seal(ring(shelfFile()));
        Set<ByteBuffer> seen = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            byte[] sealed = seal.seal(HERE, VALUE);
            assertThat(seen.add(ByteBuffer.wrap(sealed, 5, sealed.length - 5))).isTrue();
        }
    }

    @Test
    void openWhenAnyBitIsFlippedOrAnyEndIsCutThenRefused() {
        FieldSeal seal = seal(ring(shelfFile()));
        byte[] sealed = seal.seal(HERE, VALUE);
        for (int bit = 0; bit < sealed.length * 8; bit++) {
            byte[] altered = sealed.clone();
            altered[bit / 8] ^= (byte) (1 << (bit % 8));
            assertThatExceptionOfType(NotOpened.class).isThrownBy(() -> seal.open(HERE, altered));
        }
        for (int length = 0; length < sealed.length; length++) {
            byte[] cut = Arrays.copyOf(sealed, length);
            assertThatExceptionOfType(NotOpened.class).isThrownBy(() -> seal.open(HERE, cut));
        }
        refused(Reason.NOT_AUTHENTIC, () -> seal.open(HERE, Arrays.copyOf(sealed, sealed.length + 1)));
    }

    @Test
    void openWhenMovedThenRefused() {
        FieldSeal seal = seal(ring(shelfFile()));
        byte[] sealed = seal.seal(HERE, VALUE);
        for (Place elsewhere : List.of(
                new Place("store", "table.column", "row-2"),
                new Place("store", "table.other", "row-1"),
                new Place("stores", "table.column", "row-1"),
                // The same letters, cut elsewhere.
                new Place("storet", "able.column", "row-1"),
                new Place("store", "table.columnr", "ow-1"))) {
            refused(Reason.NOT_AUTHENTIC, () -> seal.open(elsewhere, sealed));
        }
    }

    @Test
    void openWhenPlainTextThenRefused() {
        FieldSeal seal = seal(ring(shelfFile()));
        for (String plain : List.of("", "{}", "pe1.", "pe1.***", "pe1.AAAA", "PE1.AQ", "pe2." + "A".repeat(80))) {
            refused(Reason.NO_RECORD, () -> seal.openText(HERE, plain));
        }
        refused(Reason.NO_RECORD, () -> seal.openText(HERE, "pe1." + "A".repeat(80)));
    }

    @Test
    void openWhenAnotherStoresKeyThenRefused() {
        byte[] sealed = seal(ring(shelfFile())).seal(HERE, VALUE);
        refused(Reason.NOT_AUTHENTIC, () -> seal(ring(shelfFile())).open(HERE, sealed));
    }

    @Test
    void openWhenKeysWereRotatedThenOldAndNewOpenUntilTheOldIsDestroyed() throws NotOpened {
        Path shelf = shelfFile();
        KeyRing ring = ring(shelf);
        FieldSeal seal = seal(ring);
        String old = seal.sealText(HERE, "old");
        assertThat(seal.isCurrent(old)).isTrue();

        Instant made = clock.instant();
        assertThat(ring.madeAt(KeyUse.RECORDS)).isEqualTo(made);
        clock.advance(Duration.ofDays(90));
        assertThat(ring.rotate(KeyUse.RECORDS)).isEqualTo(2);
        assertThat(ring.madeAt(KeyUse.RECORDS)).isEqualTo(clock.instant());
        assertThat(ring.generations(KeyUse.RECORDS)).containsExactly(1, 2);
        String young = seal.sealText(HERE, "young");
        assertThat(seal.isCurrent(old)).isFalse();
        assertThat(seal.isCurrent(young)).isTrue();
        assertThat(SealedRecord.parse(young).generation()).isEqualTo(2);
        assertThat(seal.openText(HERE, old)).isEqualTo("old");
        // So it is after a restart.
        assertThat(seal(ring(shelf)).openText(HERE, old)).isEqualTo("old");

        assertThatIllegalArgumentException().isThrownBy(() -> ring.destroy(KeyUse.RECORDS, 2));
        ring.destroy(KeyUse.RECORDS, 1);
        refused(Reason.UNKNOWN_KEY, () -> seal.openText(HERE, old));
        refused(Reason.UNKNOWN_KEY, () -> seal(ring(shelf)).openText(HERE, old));
        assertThat(seal(ring(shelf)).openText(HERE, young)).isEqualTo("young");
    }

    @Test
    void openWhenAnotherReplicaRotatedThenItsRecordsOpen() throws NotOpened {
        Path file = shelfFile();
        FileKeyShelf shared = new FileKeyShelf(file);
        KeyRing here = KeyRing.open(kms, STORE, shared, random, clock);
        KeyRing there = KeyRing.open(kms, STORE, shared, random, clock);
        here.rotate(KeyUse.RECORDS);
        assertThat(seal(there).openText(HERE, seal(here).sealText(HERE, "x"))).isEqualTo("x");
        // Both go on from the same place.
        assertThat(there.rotate(KeyUse.RECORDS)).isEqualTo(3);
        assertThat(seal(here).openText(HERE, seal(there).sealText(HERE, "y"))).isEqualTo("y");
    }

    @Test
    void sealWhenTheShelfWasNotSeenForTooLongThenRefusedUntilItIs() throws NotOpened {
        FileKeyShelf shared = new FileKeyShelf(shelfFile());
        FaultyShelf faulty = new FaultyShelf(shared);
        KeyRing here = KeyRing.open(kms, STORE, shared, random, clock);
        KeyRing there = KeyRing.open(kms, STORE, faulty, random, clock);
        String old = seal(there).sealText(HERE, "old");
        faulty.away.set(true);
        here.rotate(KeyUse.RECORDS);
        clock.advance(KeyRing.SEALS_FOR);
        assertThatThrownBy(there::refresh).isInstanceOf(IllegalStateException.class);
        // Nobody has destroyed the old generation yet.
        assertThat(seal(here).openText(HERE, seal(there).sealText(HERE, "late")))
                .isEqualTo("late");

        clock.advance(Duration.ofMillis(1));
        assertThatThrownBy(() -> seal(there).sealText(HERE, "lost"))
                .isInstanceOf(KeyManagementException.class)
                .hasMessageContaining("nothing is sealed");
        assertThatThrownBy(() -> new BlindIndex(there, "store", "f").of("lost"))
                .isInstanceOf(KeyManagementException.class);
        assertThat(seal(there).openText(HERE, old)).isEqualTo("old");

        faulty.away.set(false);
        int before = faulty.reads.get();
        assertThatThrownBy(() -> seal(there).sealText(HERE, "too soon")).isInstanceOf(KeyManagementException.class);
        assertThat(faulty.reads.get())
                .as("none for some seconds after a failure")
                .isEqualTo(before);
        clock.advance(Duration.ofSeconds(5));
        assertThat(SealedRecord.parse(seal(there).sealText(HERE, "new")).generation())
                .as("nobody refreshes but who seals")
                .isEqualTo(2);
    }

    @Test
    void openWhenTheNewKeyCannotBeMetThenOneTryForSomeSeconds() throws NotOpened {
        FileKeyShelf shared = new FileKeyShelf(shelfFile());
        FaultyShelf faulty = new FaultyShelf(shared);
        KeyRing here = KeyRing.open(kms, STORE, shared, random, clock);
        KeyRing there = KeyRing.open(kms, STORE, faulty, random, clock);
        here.rotate(KeyUse.RECORDS);
        String young = seal(here).sealText(HERE, "young");
        faulty.away.set(true);
        int before = faulty.reads.get();
        assertThatThrownBy(() -> seal(there).openText(HERE, young)).isInstanceOf(IllegalStateException.class);
        try (var requests = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 100; i++) {
                requests.execute(() -> assertThatThrownBy(() -> seal(there).openText(HERE, young))
                        .isInstanceOf(KeyManagementException.class));
            }
        }
        assertThat(faulty.reads.get() - before).isEqualTo(1);

        faulty.away.set(false);
        clock.advance(Duration.ofSeconds(5));
        assertThat(seal(there).openText(HERE, young)).isEqualTo("young");
    }

    @Test
    void openRingWhenManyReplicasAreFirstThenOneKey() {
        FileKeyShelf shared = new FileKeyShelf(shelfFile());
        Set<String> indexes = ConcurrentHashMap.newKeySet();
        List<KeyRing> rings = new ArrayList<>();
        try (var replicas = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 12; i++) {
                replicas.execute(() -> {
                    KeyRing ring = KeyRing.open(kms, STORE, shared, random, clock);
                    indexes.add(new BlindIndex(ring, "store", "f").of("v"));
                    synchronized (rings) {
                        rings.add(ring);
                    }
                });
            }
        }
        assertThat(rings).hasSize(12);
        assertThat(indexes).hasSize(1);
    }

    @Test
    void sealAndOpenWhenManyThenKeyManagementIsAskedForNothing() throws NotOpened {
        KeyRing ring = ring(shelfFile());
        FieldSeal seal = seal(ring);
        BlindIndex index = new BlindIndex(ring, "store", "f");
        int before = kms.calls.get();
        for (int i = 0; i < 1_000; i++) {
            seal.open(HERE, seal.seal(HERE, VALUE));
            index.of("v" + i);
        }
        assertThat(kms.calls.get()).isEqualTo(before);
    }

    @Test
    void shelfWhenSomethingElseIsThereThenNothingIsReplacedNorWithdrawn() {
        FileKeyShelf shelf = new FileKeyShelf(shelfFile());
        WrappedKey first = new WrappedKey(KeyUse.RECORDS, 1, clock.instant(), new byte[] {1});
        assertThat(shelf.add(first)).isTrue();
        assertThat(shelf.replace(first, new byte[] {2})).isTrue();
        assertThat(shelf.replace(first, new byte[] {3})).isFalse();
        shelf.withdraw(first);
        assertThat(shelf.read())
                .singleElement()
                .satisfies(key -> assertThat(key.wrapped()).containsExactly(2));
        shelf.withdraw(shelf.read().getFirst());
        assertThat(shelf.read()).isEmpty();
        assertThat(shelf.replace(first, new byte[] {4})).isFalse();
    }

    @Test
    void openRingWhenTheShelfIsOfAnotherKeyManagementOrStoreThenRefusedAndKept() throws IOException {
        Path file = shelfFile();
        ring(file);
        byte[] shelf = Files.readAllBytes(file);
        try (LocalKeyManagement other = keyset("other.json")) {
            assertThatThrownBy(() -> KeyRing.open(other, STORE, new FileKeyShelf(file), random, clock))
                    .isInstanceOf(KeyManagementException.class);
        }
        assertThatThrownBy(() ->
                        KeyRing.open(kms, KeyName.wrapping("another-store"), new FileKeyShelf(file), random, clock))
                .isInstanceOf(KeyManagementException.class);
        // A key of one use in the place of another one.
        shelf[15] = (byte) KeyUse.INDEX.code();
        Path swapped = shelfFile();
        Files.write(swapped, shelf);
        assertThatThrownBy(() -> ring(swapped)).isInstanceOf(KeyManagementException.class);
    }

    @Test
    void shelfWhenDamagedThenOneSentence() throws IOException {
        Path file = shelfFile();
        ring(file);
        byte[] good = Files.readAllBytes(file);
        for (int length = 0; length < good.length; length++) {
            Files.write(file, Arrays.copyOf(good, length));
            if (length == 15 || boundary(good, length)) {
                continue; // whole entries: keys are missing, which the records then show
            }
            assertThatThrownBy(() -> ring(file))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("is damaged");
        }
    }

    private static boolean boundary(byte[] shelf, int length) {
        int at = 15;
        while (at < length) {
            at += 17 + ByteBuffer.wrap(shelf).getInt(at + 13);
        }
        return at == length;
    }

    @Test
    void blindIndexWhenSameValueThenFoundAndOtherwiseNot() {
        KeyRing ring = ring(shelfFile());
        BlindIndex index = new BlindIndex(ring, "store", "subject");
        String alice = index.of("alice");
        assertThat(alice).matches("1\\.[A-Za-z0-9_-]{22}").isEqualTo(index.of("alice"));
        assertThat(index.of("bob")).isNotEqualTo(alice);
        assertThat(new BlindIndex(ring, "store", "actor").of("alice")).isNotEqualTo(alice);
        assertThat(new BlindIndex(ring(shelfFile()), "store", "subject").of("alice"))
                .isNotEqualTo(alice);

        ring.rotate(KeyUse.INDEX);
        assertThat(index.of("alice")).startsWith("2.").isNotEqualTo(alice);
        assertThat(index.candidates("alice")).containsExactly(alice, index.of("alice"));
        // Records go on under their own key.
        assertThat(ring.active(KeyUse.RECORDS)).isEqualTo(1);
    }

    @Test
    void recordWhenOpenedByTheBookThenTheValue() throws Exception {
        // The format of docs/encryption-at-rest.md, written here without our code.
        byte[] material = new byte[32];
        Arrays.fill(material, (byte) 7);
        DataKey key = new DataKey(3, Instant.EPOCH, material);
        byte[] associated = SealedRecord.associated(3, HERE);
        SealedRecord sealed = key.seal(associated, VALUE, random);

        Mac expand = Mac.getInstance("HmacSHA256");
        expand.init(new SecretKeySpec(material, "HmacSHA256"));
        expand.update("postern record 1".getBytes(StandardCharsets.US_ASCII));
        expand.update(sealed.salt(), 0, 12);
        expand.update((byte) 1);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(expand.doFinal(), "AES"),
                new GCMParameterSpec(128, sealed.salt(), 12, 12));
        ByteBuffer aad = ByteBuffer.allocate(64).put((byte) 1).putInt(3);
        for (String part : List.of("store", "table.column", "row-1")) {
            aad.putInt(part.length()).put(part.getBytes(StandardCharsets.US_ASCII));
        }
        cipher.updateAAD(aad.flip());
        assertThat(cipher.doFinal(sealed.ciphertext())).isEqualTo(VALUE);
    }

    @Test
    void typesPrintNothing() throws NotOpened {
        KeyRing ring = ring(shelfFile());
        assertThat(ring.toString()).isEqualTo("KeyRing[test-store]");
        assertThat(ring.sealing(KeyUse.RECORDS).toString()).isEqualTo("DataKey[hidden]");
        assertThat(SealedRecord.parse(seal(ring).seal(HERE, VALUE)).toString()).isEqualTo("SealedRecord[generation 1]");
        assertThat(new WrappedKey(KeyUse.RECORDS, 1, Instant.EPOCH, VALUE).toString())
                .isEqualTo("WrappedKey[RECORDS 1]");
    }
}

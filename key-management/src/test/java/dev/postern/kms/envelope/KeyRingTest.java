package dev.postern.kms.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.kms.KeyManagementException;
import dev.postern.kms.KeyName;
import dev.postern.kms.KeyVersions;
import dev.postern.kms.LocalKeyManagement;
import dev.postern.kms.Passphrase;
import dev.postern.test.MutableClock;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Replicas that share keys while one of them stalls at key management or at the shelf, and what wraps the keys is
/// rotated and destroyed. Over a real keyset and a real shelf.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init")
final class KeyRingTest {
    private static final KeyName STORE = KeyName.wrapping("test-store");
    private static final Place HERE = new Place("store", "table.column", "row-1");

    @TempDir
    private static Path directory;

    private final SecureRandom random = new SecureRandom();
    private final MutableClock clock = MutableClock.atNoon();
    private int shelves;
    private LocalKeyManagement local;
    private CountingKms kms;

    @BeforeAll
    void open() {
        local = LocalKeyManagement.open(
                directory.resolve("keyset.json"), Passphrase.of("correct horse battery staple".toCharArray()), random);
        kms = new CountingKms(local);
    }

    @AfterAll
    void close() {
        local.close();
    }

    private Path shelfFile() {
        return directory.resolve("shelf-" + shelves++);
    }

    private KeyRing ring(Path shelf) {
        return KeyRing.open(kms, STORE, new FileKeyShelf(shelf), random, clock);
    }

    private FieldSeal seal(KeyRing ring) {
        return new FieldSeal(ring, random);
    }

    @Test
    void rewrapWhenTheWrappingKeyWasRotatedThenItsOldVersionIsNeededNoMore() throws NotOpened {
        Path file = shelfFile();
        KeyRing ring = ring(file);
        String sealed = seal(ring).sealText(HERE, "x");
        assertThat(ring.rewrap()).as("nothing is due").isZero();

        KeyVersions versions = local.rotate(STORE);
        assertThat(ring.rewrap()).as("records, not indexes").isEqualTo(1);
        assertThat(ring.rewrap()).isZero();
        local.destroyBefore(STORE, versions.newest());
        assertThat(seal(ring(file)).openText(HERE, sealed)).isEqualTo("x");
    }

    @Test
    void rewrapWhenOvertakenByACompromiseThenWhatIsThereStays() throws NotOpened {
        Path file = shelfFile();
        FileKeyShelf shared = new FileKeyShelf(file);
        KeyRing slow = KeyRing.open(kms, STORE, shared, random, clock);
        KeyRing quick = KeyRing.open(local, STORE, shared, random, clock);
        String sealed = seal(slow).sealText(HERE, "x");
        local.rotate(STORE);
        kms.stall(() -> {
            int newest = local.rotate(STORE).newest();
            assertThat(quick.rewrap()).isEqualTo(1);
            local.destroyBefore(STORE, newest);
        });
        assertThat(slow.rewrap()).as("the other one moved it").isZero();
        assertThat(seal(ring(file)).openText(HERE, sealed)).isEqualTo("x");
    }

    @Test
    void rewrapWhenAnotherOnePutItUnderAnOlderVersionThenItIsMovedOn() throws NotOpened {
        Path file = shelfFile();
        FileKeyShelf shared = new FileKeyShelf(file);
        KeyRing ring = KeyRing.open(kms, STORE, shared, random, clock);
        String sealed = seal(ring).sealText(HERE, "x");
        WrappedKey first = records(shared);
        local.rotate(STORE);
        byte[] older =
                local.renewed(STORE, first.wrapped(), contextOfTheFirst()).orElseThrow();
        int newest = local.rotate(STORE).newest();
        kms.stall(() -> assertThat(shared.replace(first, older)).isTrue());
        assertThat(ring.rewrap()).isEqualTo(1);
        local.destroyBefore(STORE, newest);
        assertThat(seal(ring(file)).openText(HERE, sealed)).isEqualTo("x");
    }

    private static WrappedKey records(FileKeyShelf shelf) {
        return shelf.read().stream()
                .filter(key -> key.use() == KeyUse.RECORDS)
                .findFirst()
                .orElseThrow();
    }

    private static byte[] contextOfTheFirst() {
        return Place.joined("postern data key 1", STORE.value(), KeyUse.RECORDS.name(), "1");
    }

    @Test
    void rotateWhenItsWrappingVersionIsDestroyedMeanwhileThenNothingOfItStays() throws NotOpened {
        Path file = shelfFile();
        KeyRing ring = ring(file);
        String sealed = seal(ring).sealText(HERE, "x");
        kms.stall(() -> {
            int newest = local.rotate(STORE).newest();
            ring.rewrap();
            local.destroyBefore(STORE, newest);
        });
        assertThatThrownBy(() -> ring.rotate(KeyUse.RECORDS)).isInstanceOf(KeyManagementException.class);
        KeyRing restarted = ring(file);
        assertThat(restarted.generations(KeyUse.RECORDS)).containsExactly(1);
        assertThat(seal(restarted).openText(HERE, sealed)).isEqualTo("x");
        assertThat(restarted.rotate(KeyUse.RECORDS)).isEqualTo(2);
    }

    @Test
    void rotateWhenItsWrappingVersionIsDestroyedOnceItWasMovedThenItStays() throws NotOpened {
        Path file = shelfFile();
        KeyRing ring = ring(file);
        kms.stall(() -> {
            int newest = local.rotate(STORE).newest();
            ring.rewrap();
            kms.stall(() -> local.destroyBefore(STORE, newest));
        });
        assertThat(ring.rotate(KeyUse.RECORDS)).isEqualTo(2);
        String sealed = seal(ring).sealText(HERE, "x");
        KeyRing restarted = ring(file);
        assertThat(restarted.generations(KeyUse.RECORDS)).containsExactly(1, 2);
        assertThat(seal(restarted).openText(HERE, sealed)).isEqualTo("x");
    }

    /// The maker stalls between wrapping and adding, and once more before it looks at what it added; meanwhile another
    /// replica meets the key and stalls.
    @Test
    void refreshWhenItsMakerTakesAKeyBackMeanwhileThenNobodyHoldsIt() throws Exception {
        Path file = shelfFile();
        FileKeyShelf shared = new FileKeyShelf(file);
        FaultyShelf makers = new FaultyShelf(shared);
        CountingKms makersKms = new CountingKms(local);
        KeyRing maker = KeyRing.open(makersKms, STORE, makers, random, clock);
        KeyRing other = KeyRing.open(kms, STORE, shared, random, clock);
        CountDownLatch added = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        int[] newest = new int[1];
        makersKms.stall(() -> {
            newest[0] = local.rotate(STORE).newest();
            assertThat(other.rewrap())
                    .as("the look before the old version ends")
                    .isEqualTo(1);
        });
        makers.stallAdding(() -> {
            added.countDown();
            await(goOn);
        });
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> made = threads.submit(() -> maker.rotate(KeyUse.RECORDS));
            await(added);
            kms.stall(() -> {
                local.destroyBefore(STORE, newest[0]);
                goOn.countDown();
                assertThatThrownBy(made::get).hasCauseInstanceOf(KeyManagementException.class);
            });
            other.refresh();
        }
        assertThat(shared.read()).filteredOn(key -> key.use() == KeyUse.RECORDS).hasSize(1);
        assertThat(other.generations(KeyUse.RECORDS)).containsExactly(1);
        assertThat(seal(ring(file)).openText(HERE, seal(other).sealText(HERE, "x")))
                .isEqualTo("x");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void refreshWhenAKeyIsMovedAndItsOldVersionEndsMeanwhileThenItIsHeld() throws NotOpened {
        FileKeyShelf shared = new FileKeyShelf(shelfFile());
        FaultyShelf stalling = new FaultyShelf(shared);
        KeyRing here = KeyRing.open(kms, STORE, shared, random, clock);
        KeyRing there = KeyRing.open(kms, STORE, stalling, random, clock);
        here.rotate(KeyUse.RECORDS);
        stalling.stallReading(() -> {
            int newest = local.rotate(STORE).newest();
            assertThat(here.rewrap()).isEqualTo(2);
            local.destroyBefore(STORE, newest);
        });
        there.refresh();
        assertThat(there.generations(KeyUse.RECORDS)).containsExactly(1, 2);
        assertThat(seal(here).openText(HERE, seal(there).sealText(HERE, "x"))).isEqualTo("x");
    }

    @Test
    void refreshWhenANumberIsGivenAgainMeanwhileThenTheKeyThatIsThereIsHeld() throws NotOpened {
        FileKeyShelf shared = new FileKeyShelf(shelfFile());
        KeyRing here = KeyRing.open(local, STORE, shared, random, clock);
        KeyRing there = KeyRing.open(kms, STORE, shared, random, clock);
        here.rotate(KeyUse.RECORDS);
        kms.stall(() -> {
            shared.destroy(KeyUse.RECORDS, 2);
            assertThat(KeyRing.open(local, STORE, shared, random, clock).rotate(KeyUse.RECORDS))
                    .isEqualTo(2);
        });
        there.refresh();
        KeyRing restarted = KeyRing.open(local, STORE, shared, random, clock);
        assertThat(seal(restarted).openText(HERE, seal(there).sealText(HERE, "x")))
                .isEqualTo("x");
    }

    @Test
    void openRingWhenAnotherReplicaRotatesMeanwhileThenItsGenerationSealsHereToo() {
        FileKeyShelf shared = new FileKeyShelf(shelfFile());
        KeyRing here = KeyRing.open(local, STORE, shared, random, clock);
        kms.stall(() -> assertThat(here.rotate(KeyUse.RECORDS)).isEqualTo(2));
        assertThat(KeyRing.open(kms, STORE, shared, random, clock).active(KeyUse.RECORDS))
                .isEqualTo(2);
    }

    @Test
    void openRingWhenAnotherReplicaRotatesWithoutEndThenRefused() {
        FileKeyShelf shared = new FileKeyShelf(shelfFile());
        FaultyShelf stalling = new FaultyShelf(shared);
        KeyRing here = KeyRing.open(local, STORE, shared, random, clock);
        stalling.stallReading(new Runnable() {
            @Override
            public void run() {
                var _ = here.rotate(KeyUse.RECORDS);
                stalling.stallReading(this);
            }
        });
        assertThatThrownBy(() -> KeyRing.open(kms, STORE, stalling, random, clock))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("change the data keys of test-store without end");
        assertThat(here.active(KeyUse.RECORDS)).as("it is bounded").isLessThan(20);
    }

    @Test
    void openRingWhenOthersTakeTheirFirstKeyBackThenItsOwnOrRefused() throws NotOpened {
        Path file = shelfFile();
        FaultyShelf faulty = new FaultyShelf(new FileKeyShelf(file));
        faulty.outrun.set(3);
        KeyRing ring = KeyRing.open(kms, STORE, faulty, random, clock);
        assertThat(seal(ring(file)).openText(HERE, seal(ring).sealText(HERE, "x")))
                .isEqualTo("x");

        FaultyShelf empty = new FaultyShelf(new FileKeyShelf(shelfFile()));
        empty.outrun.set(Integer.MAX_VALUE);
        assertThatThrownBy(() -> KeyRing.open(kms, STORE, empty, random, clock))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("first data keys of test-store");
    }

    @Test
    void openRingWhenAMakerIsAboutToTakeItsKeyBackThenWithoutIt() {
        FileKeyShelf shared = new FileKeyShelf(shelfFile());
        FaultyShelf faulty = new FaultyShelf(shared);
        KeyRing here = KeyRing.open(local, STORE, shared, random, clock);
        WrappedKey lost = new WrappedKey(
                KeyUse.RECORDS,
                2,
                clock.instant(),
                local.wrap(STORE, new byte[32], Place.joined("postern data key 1", "test-store", "RECORDS", "2")));
        int newest = local.rotate(STORE).newest();
        here.rewrap();
        local.destroyBefore(STORE, newest);
        assertThat(shared.add(lost)).isTrue();
        faulty.stallReading(() -> faulty.stallReading(() -> shared.withdraw(lost)));
        assertThat(KeyRing.open(kms, STORE, faulty, random, clock).generations(KeyUse.RECORDS))
                .containsExactly(1);

        assertThat(shared.add(lost)).isTrue();
        assertThatThrownBy(() -> KeyRing.open(kms, STORE, shared, random, clock))
                .as("its maker has died")
                .isInstanceOf(KeyManagementException.class)
                .hasMessageContaining("destroyed");
    }

    @Test
    void rotateWhenItsWrappingKeyIsRotatedMeanwhileThenTheLookAfterThatIsNeededNoMore() throws NotOpened {
        Path file = shelfFile();
        KeyRing ring = ring(file);
        int[] newest = new int[1];
        kms.stall(() -> {
            newest[0] = local.rotate(STORE).newest();
            assertThat(ring.rewrap())
                    .as("the last look before the old versions end")
                    .isEqualTo(1);
        });
        assertThat(ring.rotate(KeyUse.RECORDS)).isEqualTo(2);
        String sealed = seal(ring).sealText(HERE, "x");
        local.destroyBefore(STORE, newest[0]);
        assertThat(seal(ring(file)).openText(HERE, sealed)).isEqualTo("x");
    }
}

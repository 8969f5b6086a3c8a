package dev.postern.auditing.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.postern.audit.leaf.SealedLeaf;
import dev.postern.audit.root.RootEntry;
import dev.postern.auditing.epoch.EpochKeys;
import dev.postern.auditing.epoch.SealedLeaves;
import dev.postern.auditing.root.RootLog;
import dev.postern.auditing.root.ShardRecords;
import dev.postern.auditing.shard.ShardFiles;
import dev.postern.auditing.shard.ShardName;
import dev.postern.auditing.shard.ShardSigners;
import dev.postern.kms.LocalKeyManagement;
import dev.postern.kms.Passphrase;
import dev.postern.kms.WrappedSetFiles;
import dev.postern.test.MutableClock;
import dev.postern.tlog.ShardsVerifier;
import dev.postern.tlog.note.NoteSigner;
import dev.postern.tlog.store.LogStorage;
import dev.postern.tlog.store.TiledLog;
import dev.postern.tlog.tile.Tile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A log with one leaf a day, kept for three weeks and one of grace. It begins on Monday, 2026-11-23.
class RetentionTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final RetentionProperties THREE_WEEKS =
            new RetentionProperties(Duration.ofDays(21), Duration.ofDays(7));
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path home;

    private final MutableClock clock = MutableClock.atNoon();
    private final List<ShardName> forgotten = new ArrayList<>();
    private final List<byte[]> leaves = new ArrayList<>();

    private DeletionGate gate = DeletionGate.OPEN;

    @SuppressWarnings("NullAway.Init") // Opened before each test.
    private LocalKeyManagement kms;

    @SuppressWarnings("NullAway.Init") // Opened before each test.
    private RootLog root;

    @BeforeEach
    void open() throws IOException {
        kms = LocalKeyManagement.open(
                home.resolve("keyset.json"), Passphrase.of("sixteen characters".toCharArray()), RANDOM);
        root = RootLog.open(files(), signers().rootSigner(), RANDOM);
    }

    @AfterEach
    void close() throws IOException {
        root.close();
        kms.close();
    }

    private ShardFiles files() {
        return new ShardFiles(home, "localhost/audit");
    }

    private ShardSigners signers() {
        return new ShardSigners(kms, new WrappedSetFiles(home), files(), clock, RANDOM);
    }

    private EpochKeys epochs() {
        return new EpochKeys(kms, new WrappedSetFiles(home), files(), clock, RANDOM);
    }

    private Retention retention() {
        return new Retention(THREE_WEEKS, root, epochs(), files(), gate, forgotten::add, clock);
    }

    /// A leaf for each day; the root log hears of every shard.
    private void live(int days) throws IOException {
        for (int i = 0; i < days; i++) {
            EpochKeys epochs = epochs();
            epochs.prepare();
            byte[] leaf = new SealedLeaves(epochs, RANDOM).seal("{}".getBytes(StandardCharsets.UTF_8));
            leaves.add(leaf);
            ShardName shard = ShardName.at(clock.instant());
            NoteSigner signer = signers().signer(shard);
            Files.createDirectories(home.resolve("vkeys"));
            Files.writeString(home.resolve("vkeys").resolve(shard + ".vkey"), signer.verifier() + "\n");
            Files.createDirectories(home.resolve("wal").resolve(shard.value()));
            TiledLog log = TiledLog.open(files().log(shard), signer);
            log.append(leaf);
            log.publish();
            new ShardRecords(files(), root, clock).bringUp();
            clock.advance(DAY);
        }
    }

    private boolean opens(int day) {
        return new SealedLeaves(epochs(), RANDOM).content(leaves.get(day)).isPresent();
    }

    private List<String> shards() throws IOException {
        return files().shards().stream().map(ShardName::value).toList();
    }

    @Test
    void daysWhenOldEnoughThenShreddedAndRecordedAndNotBefore() throws Exception {
        live(30);
        retention().run();
        // The clock stands on day 30, at noon. Day 8 ended 21.5 days ago, day 9 only 20.5.
        assertThat(opens(8)).isFalse();
        assertThat(opens(9)).isTrue();
        assertThat(root.state().destroyedDays()).isEqualTo(9);

        assertThat(SealedLeaf.parse(leaves.getFirst())).as("the leaf stays").isPresent();
        long size = root.size();
        retention().run();
        assertThat(root.size()).as("once").isEqualTo(size);
    }

    @Test
    void shardsWhenTheirEndAndTheGraceAreOverThenDeletedAsAWhole() throws Exception {
        live(36);
        // The first shard was closed on day 7, so it goes on day 35.
        clock.advance(Duration.ofDays(-2));
        retention().run();
        assertThat(shards()).startsWith("2026w48", "2026w49");
        clock.advance(Duration.ofDays(2));
        retention().run();
        assertThat(shards()).startsWith("2026w49").doesNotContain("2026w48");
        assertThat(files().exists(new ShardName("2026w48"))).isFalse();
        assertThat(forgotten).containsExactly(new ShardName("2026w48"));
        assertThat(root.state().shard("2026w48").deleted()).isTrue();
        assertThat(retention().deletedShards()).isEqualTo(1);
        assertThat(ShardsVerifier.verify(home.resolve("log"), home.resolve("vkeys")))
                .hasSize(shards().size() + 1)
                .allMatch(shard -> shard.report().sound());
        assertThat(retention().shards()).isEqualTo(shards().size());
    }

    @Test
    void shardWhenTheGateKeepsItThenNeitherDeletedNorRecordedUntilItOpens() throws Exception {
        live(45);
        List<ShardName> asked = new ArrayList<>();
        gate = shard -> {
            asked.add(shard);
            return false;
        };
        retention().run();
        assertThat(shards()).startsWith("2026w48");
        assertThat(asked).contains(new ShardName("2026w48")).doesNotContain(ShardName.at(clock.instant()));
        assertThat(root.state().shard("2026w48").deleted()).isFalse();
        assertThat(opens(0)).as("its events are shredded all the same").isFalse();

        gate = DeletionGate.OPEN;
        retention().run();
        assertThat(shards()).doesNotContain("2026w48");
    }

    @Test
    void shardWhenItIsBeingWrittenThenKeptHoweverOld() throws Exception {
        live(1);
        clock.advance(Duration.ofDays(27));
        retention().run();
        assertThat(shards()).containsExactly("2026w48");
        assertThat(opens(0)).as("its events are shredded all the same").isFalse();
    }

    @Test
    void clockWhenItJumpsAheadThenNothingEndsForADay() throws Exception {
        live(8);
        clock.advance(Duration.ofDays(100));
        retention().run();
        assertThat(retention().isHeldBack()).isTrue();
        assertThat(opens(0)).as("nothing was logged since").isTrue();

        live(1);
        clock.advance(Duration.ofHours(-1));
        retention().run();
        assertThat(retention().isHeldBack()).isTrue();
        assertThat(opens(0)).as("23 hours after the first event").isTrue();
        assertThat(shards()).startsWith("2026w48");

        clock.advance(Duration.ofHours(1));
        retention().run();
        assertThat(retention().isHeldBack()).isFalse();
        assertThat(opens(0)).isFalse();
        assertThat(shards()).doesNotContain("2026w48");
    }

    @Test
    void clockWhenItIsSetBackThenBelievedAtOnce() throws Exception {
        live(8);
        clock.advance(Duration.ofDays(100));
        live(1);
        clock.advance(Duration.ofDays(-78));
        retention().run();
        assertThat(retention().isHeldBack()).isFalse();
        assertThat(opens(0)).as("old enough by the right clock").isFalse();
        assertThat(opens(8)).as("of the day that has not come yet").isTrue();
    }

    @Test
    void heldShardWhenOldThenNeitherDeletedNorShreddedUntilReleased() throws Exception {
        live(45);
        retention().place("case-7", Set.of("2026w48"), () -> {});
        retention().run();
        assertThat(shards()).startsWith("2026w48");
        assertThat(opens(0)).isTrue();
        assertThat(opens(6)).as("Sunday").isTrue();
        assertThat(opens(13)).as("its keys may have sealed after a compromise").isTrue();
        assertThat(opens(14)).isFalse();

        retention().release("case-7", () -> {});
        retention().run();
        assertThat(shards()).doesNotContain("2026w48");
        assertThat(opens(0)).isFalse();
        assertThat(opens(13)).isFalse();
    }

    @Test
    void heldDayWhenOldThenItsShardStaysAndOtherDaysGo() throws Exception {
        live(45);
        retention().place("case-7", Set.of("2026-12-03"), () -> {});
        retention().run();
        assertThat(shards()).as("the week before had ended").startsWith("2026w49");
        assertThat(opens(10)).isTrue();
        assertThat(opens(3)).as("its keys may have sealed a week later").isTrue();
        assertThat(opens(17))
                .as("its keys seal what comes after those of the week before were called compromised")
                .isTrue();
        assertThat(opens(2)).isFalse();
        assertThat(opens(18)).isFalse();
    }

    @Test
    void holdWhenItCannotBeThenRefusedAndNothingIsRecorded() throws Exception {
        live(40);
        Retention retention = retention();
        retention.run();
        AtomicInteger recorded = new AtomicInteger();
        long size = root.size();
        for (Set<String> gone : List.of(Set.of("2026w48"), Set.of("2026-11-26"), Set.of("2026w49"))) {
            assertThatExceptionOfType(HoldRefused.class)
                    .isThrownBy(() -> retention.place("case-7", gone, recorded::incrementAndGet))
                    .matches(refused -> refused.reason() == HoldRefused.Reason.GONE);
        }
        assertThatExceptionOfType(HoldRefused.class)
                .isThrownBy(() -> retention.release("case-7", recorded::incrementAndGet))
                .matches(refused -> refused.reason() == HoldRefused.Reason.UNKNOWN);
        assertThat(recorded).hasValue(0);
        assertThat(root.size()).isEqualTo(size);

        retention.place("case-7", Set.of("2026w53"), recorded::incrementAndGet);
        retention.place("case-7", Set.of("2026w53"), recorded::incrementAndGet);
        assertThat(recorded).as("again, it is in force already").hasValue(1);
        assertThatExceptionOfType(HoldRefused.class)
                .isThrownBy(() -> retention.place("case-7", Set.of("2027w01"), recorded::incrementAndGet))
                .matches(refused -> refused.reason() == HoldRefused.Reason.EXISTS);
        assertThat(retention.holds()).containsOnlyKeys("case-7");
    }

    @Test
    void holdWhenItNamesWhatCannotBeThenRefused() throws Exception {
        live(40);
        Retention retention = retention();
        assertThatIllegalArgumentException()
                .as("2025 has 52 weeks")
                .isThrownBy(() -> retention.place("case-7", Set.of("2025w53"), () -> {}));
        assertThatExceptionOfType(HoldRefused.class)
                .as("before the log began")
                .isThrownBy(() -> retention.place("case-7", Set.of("2026-01-01"), () -> {}))
                .matches(refused -> refused.reason() == HoldRefused.Reason.GONE);
    }

    /// The keys of a day were never made: the events of that day are gone with those of the day before.
    @Test
    void holdWhenItNamesADayThatWasSealedUnderKeysWhichAreGoneThenRefused() throws Exception {
        live(40);
        Retention retention = retention();
        Files.delete(home.resolve("audit-epoch-2026-11-27.json"));
        retention.place("case-7", Set.of("2026-11-27"), () -> {});
        retention.release("case-7", () -> {});
        retention.run();
        assertThatExceptionOfType(HoldRefused.class)
                .isThrownBy(() -> retention.place("case-8", Set.of("2026-11-27"), () -> {}))
                .matches(refused -> refused.reason() == HoldRefused.Reason.GONE);
    }

    @Test
    void crashBetweenEntryAndDeletionWhenOverThenTheNextRunFinishes() throws Exception {
        live(40);
        // As if it had ended right after the entries.
        root.append(new RootEntry.EpochDestroyed(clock.instant(), "2026-11-26"));
        root.append(new RootEntry.ShardDeleted(clock.instant(), "2026w48"));
        Files.delete(home.resolve("vkeys/2026w48.vkey"));
        retention().run();
        assertThat(files().exists(new ShardName("2026w48"))).isFalse();
        assertThat(opens(3)).as("its keys, of which only the entry was written").isFalse();
        assertThat(opens(39)).as("today").isTrue();
    }

    @Test
    void rootLogWhenItCannotBeWrittenThenNothingIsDeleted() throws Exception {
        live(40);
        root.close();
        root = RootLog.open(
                new ShardFiles(home, "localhost/audit", storage -> new LogStorage() {
                    @Override
                    public Optional<byte[]> read(String path) throws IOException {
                        return storage.read(path);
                    }

                    @Override
                    public void create(String path, byte[] content) throws IOException {
                        if (path.startsWith("tile")) {
                            throw new IOException("ENOSPC");
                        }
                        storage.create(path, content);
                    }

                    @Override
                    public void replace(String path, byte[] content) throws IOException {
                        storage.replace(path, content);
                    }

                    @Override
                    public void deletePartials(Tile full) throws IOException {
                        storage.deletePartials(full);
                    }
                }),
                signers().rootSigner(),
                RANDOM);
        List<String> before = shards();
        assertThatIOException().isThrownBy(() -> retention().run());
        assertThat(shards()).isEqualTo(before);
        assertThat(opens(0)).isTrue();
        assertThatIOException().isThrownBy(() -> retention().run());
    }
}

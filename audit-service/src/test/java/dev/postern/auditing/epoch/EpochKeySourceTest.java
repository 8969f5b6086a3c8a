package dev.postern.auditing.epoch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.leaf.SealedLeaf;
import dev.postern.auditing.shard.ShardFiles;
import dev.postern.chassis.keys.KeySource.Fate;
import dev.postern.kms.LocalKeyManagement;
import dev.postern.kms.Passphrase;
import dev.postern.kms.WrappedSetFiles;
import dev.postern.test.MutableClock;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Driven as the directory's follower drives it.
final class EpochKeySourceTest {
    private static final SecureRandom RANDOM = new SecureRandom();

    @TempDir
    Path home;

    private final MutableClock clock = MutableClock.atNoon();
    private final Epoch today = Epoch.at(clock.instant());

    @SuppressWarnings("NullAway.Init") // JUnit opens it before each test.
    private LocalKeyManagement kms;

    @BeforeEach
    void open() {
        kms = LocalKeyManagement.open(
                home.resolve("keyset.json"), Passphrase.of("sixteen characters".toCharArray()), RANDOM);
    }

    @AfterEach
    void close() {
        kms.close();
    }

    /// As after a restart.
    private EpochKeys keys() {
        EpochKeys keys =
                new EpochKeys(kms, new WrappedSetFiles(home), new ShardFiles(home, "localhost/audit"), clock, RANDOM);
        keys.prepare();
        return keys;
    }

    private static int sealing(EpochKeys keys) {
        return SealedLeaf.parse(new SealedLeaves(keys, RANDOM).seal(new byte[] {'{', '}'}))
                .orElseThrow()
                .epoch();
    }

    @Test
    void offersTheDayThenTheNextOneAsItsSpare() {
        EpochKeySource source = new EpochKeySource(keys());

        assertThat(source.next()).isEqualTo(today);
        assertThat(source.keyId(today)).isEqualTo("audit-epoch-" + today).matches("[A-Za-z0-9_-]{8,128}");
        source.moved(today, Fate.ACTIVE);
        assertThat(source.next()).isEqualTo(today.next());
        assertThat(source.load(source.keyId(today.next())))
                .as("kept before it is offered")
                .contains(today.next());
    }

    @Test
    void midnightDoesNotWaitForTheDirectory() {
        EpochKeys keys = keys();
        EpochKeySource source = new EpochKeySource(keys);
        source.moved(today, Fate.ACTIVE);
        source.moved(today.next(), Fate.PREPARED);

        clock.advance(Duration.ofDays(1));

        assertThat(sealing(keys)).isEqualTo(today.next().day());
    }

    @Test
    void aDirectoryThatFellBehindIsOfferedTheDayThatSeals() {
        EpochKeySource source = new EpochKeySource(keys());
        source.moved(today, Fate.ACTIVE);

        clock.advance(Duration.ofDays(5));

        assertThat(source.next()).hasToString(Epoch.at(clock.instant()).toString());
    }

    @Test
    void aCompromisedEpochGivesWayToItsSpareAndIsNotLoadedAgain() {
        EpochKeys keys = keys();
        EpochKeySource source = new EpochKeySource(keys);
        source.moved(today, Fate.ACTIVE);
        source.moved(source.next(), Fate.PREPARED);

        source.moved(today, Fate.COMPROMISED);
        assertThat(sealing(keys)).isEqualTo(today.next().day());
        source.moved(today.next(), Fate.ACTIVE);

        assertThat(sealing(keys)).isEqualTo(today.next().day());
        assertThat(source.next()).isEqualTo(today.next().next());
        assertThat(source.endedWith(source.keyId(today))).hasValue(0);
        for (EpochKeys each : new EpochKeys[] {keys, keys()}) {
            assertThat(new EpochKeySource(each).load(source.keyId(today))).isEmpty();
        }
        assertThat(sealing(keys())).isEqualTo(today.next().day());
    }

    @Test
    void theLeadAfterACompromiseIsOverAtTheNextMidnight() {
        EpochKeys keys = keys();
        EpochKeySource source = new EpochKeySource(keys);
        source.moved(today, Fate.COMPROMISED);
        source.moved(today.next(), Fate.ACTIVE);
        source.moved(source.next(), Fate.PREPARED);

        clock.advance(Duration.ofDays(1));
        assertThat(sealing(keys)).isEqualTo(Epoch.at(clock.instant()).day());
        clock.advance(Duration.ofDays(1));
        assertThat(sealing(keys))
                .as("without a word of the directory")
                .isEqualTo(Epoch.at(clock.instant()).day());
        assertThat(source.next()).isEqualTo(Epoch.at(clock.instant()).next());
    }

    @Test
    void whatTheDirectoryCallsDestroyedIsTheRetentionsToShred() {
        EpochKeys keys = keys();
        EpochKeySource source = new EpochKeySource(keys);
        clock.advance(Duration.ofDays(100));

        source.moved(today, Fate.DESTROYED);

        assertThat(keys.isThere(today)).isTrue();
        assertThat(keys.destroy(today)).isTrue();
        assertThat(source.load(source.keyId(today))).isEmpty();
    }

    @Test
    void idsOfOthersAreNotLoaded() {
        EpochKeySource source = new EpochKeySource(keys());

        for (String id :
                new String[] {"", "audit-epoch-", "audit-epoch-2026-13-01", "epoch-" + today, "audit-epoch-1900-01-01"
                }) {
            assertThat(source.load(id)).as(id).isEmpty();
        }
    }
}

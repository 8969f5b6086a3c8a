package dev.postern.auditing.epoch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.audit.leaf.SealedLeaf;
import dev.postern.audit.root.RootState;
import dev.postern.auditing.leaf.Leaf;
import dev.postern.auditing.shard.ShardFiles;
import dev.postern.auditing.shard.ShardName;
import dev.postern.kms.KeyManagementException;
import dev.postern.kms.KeyManagementException.Reason;
import dev.postern.kms.LocalKeyManagement;
import dev.postern.kms.Passphrase;
import dev.postern.kms.WrappedSetFiles;
import dev.postern.kms.WrappedSets;
import dev.postern.test.MutableClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EpochKeysTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte[] EVENT = "{}".getBytes(StandardCharsets.UTF_8);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration UNTIL_NONE_SEALS = DAY.multipliedBy(RootState.SEALING_DRIFT_DAYS + 2);

    @TempDir
    Path home;

    private final MutableClock clock = MutableClock.atNoon();
    private boolean away;

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
        return keys(sets());
    }

    private EpochKeys keys(WrappedSets sets) {
        return new EpochKeys(kms, sets, new ShardFiles(home, "localhost/audit"), clock, RANDOM);
    }

    private WrappedSets sets() {
        WrappedSets files = new WrappedSetFiles(home);
        return new WrappedSets() {
            @Override
            public Optional<byte[]> read(String name) {
                if (away) {
                    throw new KeyManagementException(Reason.UNAVAILABLE, "away");
                }
                return files.read(name);
            }

            @Override
            public boolean replace(String name, byte @Nullable [] expected, byte[] content) {
                return files.replace(name, expected, content);
            }

            @Override
            public String placeOf(String name) {
                return files.placeOf(name);
            }
        };
    }

    private EpochKeys prepared() {
        EpochKeys keys = keys();
        keys.prepare();
        return keys;
    }

    private Epoch today() {
        return Epoch.at(clock.instant());
    }

    private Path set(Epoch epoch) {
        return home.resolve("audit-epoch-" + epoch + ".json");
    }

    private static SealedLeaf sealed(EpochKeys keys) {
        return SealedLeaf.parse(new SealedLeaves(keys, RANDOM).seal(EVENT)).orElseThrow();
    }

    @Test
    void aDayHasItsKeysAndKeepsThem() {
        EpochKeys keys = prepared();
        SealedLeaf first = sealed(keys);
        clock.advance(DAY);
        SealedLeaf second = sealed(keys);

        assertThat(second.epoch()).isEqualTo(first.epoch() + 1);
        assertThat(second.keyId()).isNotEqualTo(first.keyId());
        SealedLeaves again = new SealedLeaves(keys(), RANDOM);
        assertThat(again.content(first.bytes())).hasValue(EVENT);
        assertThat(again.content(second.bytes())).hasValue(EVENT);
        assertThat(again.unreadable()).isZero();
        assertThat(today()).hasToString(clock.instant().toString().substring(0, 10));
    }

    @Test
    void whileKeyManagementIsAwayTheDayBeforeGoesOnSealing() {
        EpochKeys keys = prepared();
        away = true;
        SealedLeaf before = sealed(keys);
        clock.advance(DAY);
        assertThat(sealed(keys).epoch()).as("made ahead").isEqualTo(before.epoch() + 1);
        clock.advance(DAY);
        assertThatThrownBy(keys::prepare).isInstanceOf(KeyManagementException.class);
        assertThat(sealed(keys).epoch()).isEqualTo(before.epoch() + 1);
    }

    @Test
    void aClockSetBackSealsUnderTheDayItShows() {
        EpochKeys keys = prepared();
        SealedLeaf before = sealed(keys);
        clock.advance(DAY);
        keys.prepare();
        clock.advance(DAY.negated());
        assertThat(sealed(keys).epoch()).isEqualTo(before.epoch());
    }

    @Test
    void aDestroyedEpochIsShreddedForGoodAndNotMadeAgain() {
        EpochKeys keys = prepared();
        Epoch shredded = today();
        SealedLeaf leaf = sealed(keys);
        assertThatThrownBy(() -> keys.destroy(shredded)).isInstanceOf(IllegalArgumentException.class);
        clock.advance(UNTIL_NONE_SEALS.minus(DAY));
        assertThatThrownBy(() -> keys.destroy(shredded))
                .as("while others are out of reach")
                .isInstanceOf(IllegalArgumentException.class);
        clock.advance(DAY);
        keys.prepare();

        assertThat(keys.destroy(shredded)).isTrue();
        assertThat(keys.destroy(shredded)).isFalse();
        assertThat(keys.destroy(Epoch.at(Instant.EPOCH))).as("never was").isFalse();
        for (EpochKeys each : new EpochKeys[] {keys, prepared()}) {
            SealedLeaves leaves = new SealedLeaves(each, RANDOM);
            assertThat(leaves.content(leaf.bytes())).isEmpty();
            assertThat(leaves.key(leaf.bytes())).isEmpty();
            assertThat(leaves.unreadable()).as("shredded is not unreadable").isZero();
        }
        assertThat(set(shredded)).content().contains("destroyed").doesNotContain("\"key\":\"");
        assertThat(prepared().renew()).isZero();
        clock.advance(UNTIL_NONE_SEALS.negated());
        assertThatThrownBy(() -> sealed(prepared()))
                .as("a clock set back to it does not bring it back")
                .isInstanceOf(KeyManagementException.class);
    }

    @Test
    void lostAndAlteredKeysAreNeverReplaced() throws Exception {
        sealed(prepared());
        String good = Files.readString(set(today()));
        for (String altered : new String[] {
            good.replaceFirst("\"key\":\"(.{20})..", "\"key\":\"$1AA"),
            "{}",
            "null",
            "",
            good.replace("\"key\"", "\"k\"")
        }) {
            Files.writeString(set(today()), altered);
            assertThatThrownBy(this::prepared)
                    .as(altered)
                    .isInstanceOf(KeyManagementException.class)
                    .hasMessageContaining(today().toString());
            assertThat(set(today())).content().isEqualTo(altered);
        }
        Files.copy(set(today().next()), set(today()), StandardCopyOption.REPLACE_EXISTING);
        assertThatThrownBy(this::prepared).as("another day's").isInstanceOf(KeyManagementException.class);
    }

    @Test
    void theKeysFollowTheRotationOfWhatWrapsThem() throws Exception {
        Files.createDirectories(home.resolve("vkeys"));
        Files.createFile(home.resolve("vkeys").resolve(ShardName.at(clock.instant()) + ".vkey"));
        SealedLeaf leaf = sealed(prepared());
        clock.advance(DAY.multipliedBy(2));
        var _ = prepared();
        assertThat(keys().renew()).as("nothing is due").isZero();
        kms.rotate(keys().wrapping());
        assertThat(keys().renew()).as("four days").isEqualTo(4);
        kms.destroyBefore(keys().wrapping(), 2);
        assertThat(new SealedLeaves(keys(), RANDOM).content(leaf.bytes())).hasValue(EVENT);
    }

    @Test
    void keysOfAnEpochThatAreGoneWithoutAMarkAreLost() throws Exception {
        SealedLeaf leaf = sealed(prepared());
        Files.delete(set(today()));
        SealedLeaves leaves = new SealedLeaves(keys(), RANDOM);
        assertThatThrownBy(() -> leaves.content(leaf.bytes()))
                .isInstanceOf(KeyManagementException.class)
                .hasMessageContaining(today().toString());
    }

    @Test
    void whatBecameOfAnEpochIsAskedForOnce() {
        EpochKeys keys = prepared();
        Epoch shredded = today();
        SealedLeaf gone = sealed(keys);
        clock.advance(UNTIL_NONE_SEALS);
        keys.prepare();
        SealedLeaf there = sealed(keys);
        assertThat(keys.destroy(shredded)).isTrue();
        SealedLeaves leaves = new SealedLeaves(keys(), RANDOM);
        assertThat(leaves.content(gone.bytes())).isEmpty();
        assertThat(leaves.content(there.bytes())).hasValue(EVENT);
        away = true;
        assertThat(leaves.content(gone.bytes())).isEmpty();
        assertThat(leaves.content(there.bytes())).hasValue(EVENT);
        assertThat(new SealedLeaves(keys, RANDOM).content(gone.bytes()))
                .as("by who destroyed it")
                .isEmpty();
    }

    @Test
    void aLeafThatDoesNotOpenIsCountedAndOneInTheClearIsRead() {
        SealedLeaves leaves = new SealedLeaves(prepared(), RANDOM);
        byte[] altered = leaves.seal(EVENT);
        altered[altered.length - 1] ^= 1;
        assertThat(leaves.content(altered)).isEmpty();
        assertThat(leaves.unreadable()).isEqualTo(1);
        assertThat(leaves.content(new Leaf(Leaf.Kind.EVENT, EVENT).bytes())).hasValue(EVENT);
        assertThat(leaves.key(new Leaf(Leaf.Kind.EVENT, EVENT).bytes())).isEmpty();
        assertThat(leaves.content(new Leaf(Leaf.Kind.OPENING, EVENT).bytes())).isEmpty();
    }

    @Test
    void aDeniedEpochSealsNothingMoreAndStaysReadable() {
        EpochKeys keys = prepared();
        Epoch today = today();
        SealedLeaf before = sealed(keys);

        keys.deny(today);

        for (EpochKeys each : new EpochKeys[] {keys, prepared()}) {
            SealedLeaf after = sealed(each);
            assertThat(after.epoch()).isEqualTo(today.next().day());
            SealedLeaves leaves = new SealedLeaves(each, RANDOM);
            assertThat(leaves.content(before.bytes())).hasValue(EVENT);
            assertThat(leaves.content(after.bytes())).hasValue(EVENT);
        }
        clock.advance(DAY);
        assertThat(sealed(prepared()).epoch())
                .as("its own day has come")
                .isEqualTo(today.next().day());
        assertThat(set(today)).content().contains("denied").contains("\"key\"");
    }

    @Test
    void denialOfEveryKeyThatIsThereMakesAnother() {
        EpochKeys keys = prepared();
        Epoch today = today();
        keys.deny(today.next());
        assertThat(sealed(keys).epoch()).as("the spare was denied, not this").isEqualTo(today.day());

        keys.deny(today);

        assertThat(sealed(keys).epoch()).isEqualTo(today.next().next().day());
        assertThat(sealed(prepared()).epoch()).isEqualTo(today.next().next().day());
    }

    @Test
    void aDenialWhileKeysAreOutOfReachCountsAtOnceAndIsKeptLater() {
        EpochKeys keys = prepared();
        Epoch today = today();
        away = true;

        assertThatThrownBy(() -> keys.deny(today)).isInstanceOf(KeyManagementException.class);
        assertThat(sealed(keys).epoch()).isEqualTo(today.next().day());
        away = false;
        assertThat(sealed(prepared()).epoch()).as("not kept").isEqualTo(today.day());

        keys.deny(today);
        assertThat(sealed(prepared()).epoch()).isEqualTo(today.next().day());
    }

    @Test
    void aDeniedEpochStaysDeniedWhenItIsRewrappedAndIsShreddedAsAnyOther() throws Exception {
        Files.createDirectories(home.resolve("vkeys"));
        Files.createFile(home.resolve("vkeys").resolve(ShardName.at(clock.instant()) + ".vkey"));
        EpochKeys keys = prepared();
        Epoch today = today();
        SealedLeaf before = sealed(keys);
        keys.deny(today);
        kms.rotate(keys.wrapping());
        assertThat(keys().renew())
                .as("the denied one, its successor, and the spare")
                .isEqualTo(3);

        assertThat(sealed(prepared()).epoch()).isEqualTo(today.next().day());
        clock.advance(UNTIL_NONE_SEALS);
        assertThat(prepared().destroy(today)).isTrue();
        assertThat(new SealedLeaves(prepared(), RANDOM).content(before.bytes())).isEmpty();
    }

    @Test
    void anEpochThatBeginsEarlySealsFromThenOnAndNoEarlierOneDoes() {
        EpochKeys keys = prepared();
        Epoch today = today();

        keys.begin(today.next());
        assertThat(sealed(keys).epoch()).isEqualTo(today.next().day());
        keys.begin(today);
        assertThat(sealed(keys).epoch()).isEqualTo(today.next().day());
    }

    @Test
    void nothingIsSealedFurtherFromItsDayThanALegalHoldReaches() {
        EpochKeys keys = prepared();
        Epoch today = today();
        for (int ahead = 0; ahead < RootState.SEALING_DRIFT_DAYS; ahead++) {
            keys.deny(new Epoch(today.day() + ahead));
        }
        Epoch last = new Epoch(today.day() + RootState.SEALING_DRIFT_DAYS);
        assertThat(sealed(keys).epoch()).isEqualTo(last.day());

        assertThatThrownBy(() -> keys.deny(last)).hasMessageContaining("legal hold");
        assertThatThrownBy(() -> keys.begin(last.next())).hasMessageContaining("legal hold");
        assertThatThrownBy(() -> sealed(keys)).isInstanceOf(KeyManagementException.class);
        assertThatThrownBy(this::prepared).as("after a restart").hasMessageContaining("legal hold");
        clock.advance(DAY);
        keys.deny(last);
        assertThat(sealed(keys).epoch()).isEqualTo(last.next().day());
    }

    @Test
    void keysOfAWeekAgoSealNothingMore() {
        EpochKeys keys = prepared();
        away = true;
        clock.advance(DAY.multipliedBy(RootState.SEALING_DRIFT_DAYS + 1));
        assertThat(sealed(keys).epoch()).isEqualTo(today().day() - RootState.SEALING_DRIFT_DAYS);
        clock.advance(DAY);
        assertThatThrownBy(() -> sealed(keys))
                .isInstanceOf(KeyManagementException.class)
                .hasMessageContaining("legal hold");
        away = false;
        keys.prepare();
        assertThat(sealed(keys).epoch()).isEqualTo(today().day());
    }

    @Test
    void aClockThatRanFarAheadAndWasSetBackSealsOnUnderTheDayItReached() {
        EpochKeys keys = prepared();
        clock.advance(DAY.multipliedBy(30));
        keys.prepare();
        SealedLeaf ahead = sealed(keys);
        clock.advance(DAY.multipliedBy(-30));

        EpochKeys restarted = keys();
        restarted.prepare();
        restarted.sealsFrom(new Epoch(ahead.epoch()));
        assertThatThrownBy(() -> sealed(restarted))
                .as("not under an older one while it is not held")
                .isInstanceOf(KeyManagementException.class);
        restarted.prepare();
        assertThat(sealed(restarted).epoch()).isEqualTo(ahead.epoch());
        assertThatThrownBy(() -> restarted.destroy(new Epoch(ahead.epoch())))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aDestroyedEpochIsLookedForOnce() {
        var _ = prepared();
        Epoch shredded = today();
        clock.advance(UNTIL_NONE_SEALS);
        var _ = prepared();
        assertThat(prepared().destroy(shredded)).isTrue();
        assertThat(keys().isThere(shredded)).isFalse();
        EpochKeys again = keys();
        assertThat(again.isThere(shredded)).isFalse();
        away = true;
        assertThat(again.isThere(shredded)).isFalse();
    }

    @Test
    void anEpochThatIsDestroyedWhileItIsReadIsNotKept() {
        var _ = prepared();
        Epoch shredded = today();
        clock.advance(UNTIL_NONE_SEALS);
        var _ = prepared();
        EpochKeys[] reader = new EpochKeys[1];
        WrappedSets files = sets();
        AtomicBoolean once = new AtomicBoolean();
        reader[0] = keys(new WrappedSets() {
            @Override
            public Optional<byte[]> read(String name) {
                Optional<byte[]> set = files.read(name);
                if (name.endsWith(shredded.toString()) && once.compareAndSet(false, true)) {
                    assertThat(reader[0].destroy(shredded)).isTrue();
                }
                return set;
            }

            @Override
            public boolean replace(String name, byte @Nullable [] expected, byte[] content) {
                return files.replace(name, expected, content);
            }

            @Override
            public String placeOf(String name) {
                return files.placeOf(name);
            }
        });
        assertThat(reader[0].opening(shredded)).isEmpty();
        assertThat(reader[0].opening(shredded)).isEmpty();
    }
}

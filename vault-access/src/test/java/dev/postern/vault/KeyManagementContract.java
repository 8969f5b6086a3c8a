package dev.postern.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.kms.KeyKind;
import dev.postern.kms.KeyManagement;
import dev.postern.kms.KeyManagementException;
import dev.postern.kms.KeyManagementException.Reason;
import dev.postern.kms.KeyName;
import dev.postern.kms.KeyVersions;
import dev.postern.kms.Wrapped;
import dev.postern.kms.WrappedValue;
import dev.postern.kms.WrappingVersions;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.ListIterator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What every implementation of [KeyManagement] keeps. The test class of an implementation extends this one; it lies
/// where both are known.
abstract class KeyManagementContract {
    private static final KeyName WRAPPING = KeyName.wrapping("contract-wrapping");
    private static final byte[] SECRET = "a key to keep".getBytes(StandardCharsets.UTF_8);
    private static final byte[] CONTEXT = "what it is for".getBytes(StandardCharsets.UTF_8);

    /// The implementation under test, empty at the start of each test.
    abstract KeyManagement kms();

    /// The same keys after a restart of the process.
    abstract KeyManagement restarted();

    @Test
    void unwrapsWhatItWrapped() {
        byte[] wrapped = kms().wrap(WRAPPING, SECRET, CONTEXT);

        assertThat(wrapped).isNotEqualTo(SECRET);
        assertThat(kms().unwrap(WRAPPING, wrapped, CONTEXT)).isEqualTo(SECRET);
        assertThat(kms().unwrap(WRAPPING, kms().wrap(WRAPPING, new byte[0], CONTEXT), CONTEXT))
                .isEmpty();
    }

    @Test
    void neverWrapsTheSameTwice() {
        assertThat(kms().wrap(WRAPPING, SECRET, CONTEXT)).isNotEqualTo(kms().wrap(WRAPPING, SECRET, CONTEXT));
    }

    @Test
    protected void keysSurviveARestart() {
        byte[] wrapped = kms().wrap(WRAPPING, SECRET, CONTEXT);
        PublicKey ed25519 = kms().publicKey(KeyName.signingEd25519("log"));
        PublicKey p256 = kms().publicKey(KeyName.signingP256("log"));
        KeyManagement again = restarted();

        assertThat(again.unwrap(WRAPPING, wrapped, CONTEXT)).isEqualTo(SECRET);
        assertThat(again.publicKey(KeyName.signingEd25519("log"))).isEqualTo(ed25519);
        assertThat(again.publicKey(KeyName.signingP256("log"))).isEqualTo(p256);
    }

    @Test
    void everyFlippedBitIsRefused() {
        byte[] wrapped = kms().wrap(WRAPPING, SECRET, CONTEXT);
        for (int bit = 0; bit < wrapped.length * 8; bit++) {
            byte[] altered = wrapped.clone();
            altered[bit / 8] ^= (byte) (1 << (bit % 8));
            assertRefused(Reason.NOT_AUTHENTIC, () -> kms().unwrap(WRAPPING, altered, CONTEXT));
        }
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] wrapped = kms().wrap(WRAPPING, SECRET, CONTEXT);
        for (int length = 0; length < wrapped.length; length++) {
            byte[] cut = Arrays.copyOf(wrapped, length);
            assertRefused(Reason.NOT_AUTHENTIC, () -> kms().unwrap(WRAPPING, cut, CONTEXT));
        }
    }

    @Test
    void anotherContextOrKeyIsRefused() {
        byte[] wrapped = kms().wrap(WRAPPING, SECRET, CONTEXT);
        KeyName other = KeyName.wrapping("contract-other");
        byte[] its = kms().wrap(other, SECRET, CONTEXT);

        assertRefused(Reason.NOT_AUTHENTIC, () -> kms().unwrap(WRAPPING, wrapped, SECRET));
        assertRefused(Reason.NOT_AUTHENTIC, () -> kms().unwrap(WRAPPING, its, CONTEXT));
        assertRefused(Reason.NOT_AUTHENTIC, () -> kms().unwrap(other, wrapped, CONTEXT));
    }

    @Test
    void unwrapNeverMakesAKey() {
        assertRefused(Reason.UNKNOWN_KEY, () -> kms().unwrap(KeyName.wrapping("never-used"), new byte[64], CONTEXT));
    }

    @ParameterizedTest
    @EnumSource(names = {"SIGNING_ED25519", "SIGNING_P256"})
    protected void signaturesVerifyUnderThePublicKey(KeyKind kind) throws Exception {
        KeyName key = new KeyName("contract-signing", kind);
        byte[] signature = kms().sign(key, SECRET);

        assertThat(signature).hasSize(64);
        assertThat(verifies(kind, kms().publicKey(key), signature)).isTrue();
    }

    @Test
    void kindsDoNotDoEachOthersWork() {
        assertRefused(Reason.WRONG_KIND, () -> kms().sign(WRAPPING, SECRET));
        assertRefused(Reason.WRONG_KIND, () -> kms().publicKey(WRAPPING));
        assertRefused(Reason.WRONG_KIND, () -> kms().wrap(KeyName.signingP256("signing"), SECRET, CONTEXT));
        assertRefused(Reason.WRONG_KIND, () -> kms().publicKey(WRAPPING, 1));
        assertRefused(Reason.WRONG_KIND, () -> kms().unwrap(KeyName.signingP256("signing"), SECRET, CONTEXT));
        // Nothing was made on the way.
        assertRefused(Reason.UNKNOWN_KEY, () -> kms().versions(KeyName.signingP256("signing")));
    }

    @Test
    void firstUseByManyThreadsMakesOneKey() {
        KeyName key = KeyName.signingP256("raced");
        Set<PublicKey> seen = ConcurrentHashMap.newKeySet();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 16; i++) {
                threads.execute(() -> seen.add(kms().publicKey(key)));
            }
        }
        assertThat(seen).hasSize(1);
    }

    @Test
    void aRotatedKeyWrapsUnderTheNewVersionAndUnwrapsUnderTheOld() {
        byte[] old = kms().wrap(WRAPPING, SECRET, CONTEXT);
        assertThat(kms().versions(WRAPPING)).isEqualTo(new KeyVersions(1, 1));

        assertThat(kms().rotate(WRAPPING)).isEqualTo(new KeyVersions(1, 2));
        byte[] fresh = kms().wrap(WRAPPING, SECRET, CONTEXT);

        assertThat(WrappedValue.versionOf(old)).isEqualTo(1);
        assertThat(WrappedValue.versionOf(fresh)).isEqualTo(2);
        assertThat(kms().unwrap(WRAPPING, old, CONTEXT)).isEqualTo(SECRET);
        assertThat(kms().unwrap(WRAPPING, fresh, CONTEXT)).isEqualTo(SECRET);
    }

    @Test
    void versionsSurviveARestart() {
        byte[] old = kms().wrap(WRAPPING, SECRET, CONTEXT);
        kms().rotate(WRAPPING);
        byte[] fresh = kms().wrap(WRAPPING, SECRET, CONTEXT);
        KeyManagement again = restarted();

        assertThat(again.versions(WRAPPING)).isEqualTo(new KeyVersions(1, 2));
        assertThat(again.unwrap(WRAPPING, old, CONTEXT)).isEqualTo(SECRET);
        assertThat(again.unwrap(WRAPPING, fresh, CONTEXT)).isEqualTo(SECRET);
    }

    @Test
    void rewrapMovesTheSecretToTheNewestVersion() {
        byte[] old = kms().wrap(WRAPPING, SECRET, CONTEXT);
        kms().rotate(WRAPPING);
        byte[] moved = kms().rewrap(WRAPPING, old, CONTEXT);

        assertThat(WrappedValue.versionOf(moved)).isEqualTo(2);
        assertThat(kms().unwrap(WRAPPING, moved, CONTEXT)).isEqualTo(SECRET);
        assertThat(kms().unwrap(WRAPPING, old, CONTEXT)).isEqualTo(SECRET);
        assertRefused(Reason.NOT_AUTHENTIC, () -> kms().unwrap(WRAPPING, moved, SECRET));
    }

    @Test
    void rewrapRefusesWhatUnwrapRefuses() {
        byte[] wrapped = kms().wrap(WRAPPING, SECRET, CONTEXT);
        byte[] altered = wrapped.clone();
        altered[altered.length - 1] ^= 1;

        assertRefused(Reason.NOT_AUTHENTIC, () -> kms().rewrap(WRAPPING, altered, CONTEXT));
        assertRefused(Reason.NOT_AUTHENTIC, () -> kms().rewrap(WRAPPING, wrapped, SECRET));
        assertRefused(Reason.UNKNOWN_KEY, () -> kms().rewrap(KeyName.wrapping("never-used"), wrapped, CONTEXT));
    }

    @Test
    void theVersionOfAWrappedValueCannotBeMoved() {
        byte[] old = kms().wrap(WRAPPING, SECRET, CONTEXT);
        kms().rotate(WRAPPING);
        byte[] fresh = kms().wrap(WRAPPING, SECRET, CONTEXT);
        old[4] = 2;
        fresh[4] = 1;

        assertRefused(Reason.NOT_AUTHENTIC, () -> kms().unwrap(WRAPPING, old, CONTEXT));
        assertRefused(Reason.NOT_AUTHENTIC, () -> kms().unwrap(WRAPPING, fresh, CONTEXT));
    }

    @Test
    void aDestroyedVersionUnwrapsNothingAndSaysSo() {
        byte[] old = kms().wrap(WRAPPING, SECRET, CONTEXT);
        kms().rotate(WRAPPING);
        byte[] moved = kms().rewrap(WRAPPING, old, CONTEXT);

        assertThat(kms().destroyBefore(WRAPPING, 2)).isEqualTo(new KeyVersions(2, 2));
        assertThat(kms().destroyBefore(WRAPPING, 1)).isEqualTo(new KeyVersions(2, 2));
        assertRefused(Reason.DESTROYED_VERSION, () -> kms().unwrap(WRAPPING, old, CONTEXT));
        assertRefused(Reason.DESTROYED_VERSION, () -> kms().rewrap(WRAPPING, old, CONTEXT));
        assertThat(restarted().versions(WRAPPING)).isEqualTo(new KeyVersions(2, 2));
        assertRefused(Reason.DESTROYED_VERSION, () -> kms().unwrap(WRAPPING, old, CONTEXT));
        assertThat(kms().unwrap(WRAPPING, moved, CONTEXT)).isEqualTo(SECRET);
        assertThat(kms().rotate(WRAPPING)).isEqualTo(new KeyVersions(2, 3));
    }

    @Test
    void theNewestVersionCannotBeDestroyed() {
        byte[] wrapped = kms().wrap(WRAPPING, SECRET, CONTEXT);

        assertThatThrownBy(() -> kms().destroyBefore(WRAPPING, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThat(kms().unwrap(WRAPPING, wrapped, CONTEXT)).isEqualTo(SECRET);
    }

    @Test
    void versionsOfAKeyThatWasNeverUsedAreRefused() {
        KeyName unused = KeyName.wrapping("never-used");

        assertRefused(Reason.UNKNOWN_KEY, () -> kms().versions(unused));
        assertRefused(Reason.UNKNOWN_KEY, () -> kms().rotate(unused));
        assertRefused(Reason.UNKNOWN_KEY, () -> kms().destroyBefore(unused, 1));
        assertRefused(Reason.UNKNOWN_KEY, () -> kms().publicKey(KeyName.signingP256("never-used"), 1));
    }

    @ParameterizedTest
    @EnumSource(names = {"SIGNING_ED25519", "SIGNING_P256"})
    protected void signaturesOfAnOldVersionVerifyUnderItsPublicKey(KeyKind kind) throws Exception {
        KeyName key = new KeyName("contract-rotated", kind);
        byte[] signature = kms().sign(key, SECRET);
        PublicKey old = kms().publicKey(key);
        kms().rotate(key);
        byte[] next = kms().sign(key, SECRET);

        assertThat(kms().publicKey(key)).isNotEqualTo(old).isEqualTo(kms().publicKey(key, 2));
        assertThat(kms().publicKey(key, 1)).isEqualTo(old);
        assertThat(verifies(kind, old, signature)).isTrue();
        assertThat(verifies(kind, old, next)).isFalse();
        assertThat(verifies(kind, kms().publicKey(key), next)).isTrue();
        assertRefused(Reason.UNKNOWN_KEY, () -> kms().publicKey(key, 3));
        kms().destroyBefore(key, 2);
        assertRefused(Reason.DESTROYED_VERSION, () -> kms().publicKey(key, 1));
    }

    /// What a service keeps under one key, over restarts.
    private final class Kept implements Wrapped {
        private final KeyName key;
        private final List<byte[]> values = new ArrayList<>();
        private boolean dies;

        Kept(String name, int count) {
            this.key = KeyName.wrapping(name);
            for (int i = 0; i < count; i++) {
                values.add(kms().wrap(key, SECRET, CONTEXT));
            }
        }

        @Override
        public KeyName wrapping() {
            return key;
        }

        @Override
        public int renew() {
            int moved = 0;
            for (ListIterator<byte[]> all = values.listIterator(); all.hasNext(); ) {
                Optional<byte[]> renewed = kms().renewed(key, all.next(), CONTEXT);
                renewed.ifPresent(all::set);
                moved += renewed.isPresent() ? 1 : 0;
                if (moved > 0 && dies) {
                    throw new IllegalStateException("the process dies");
                }
            }
            return moved;
        }

        void assertReadable() {
            assertThat(values)
                    .allSatisfy(value ->
                            assertThat(kms().unwrap(key, value, CONTEXT)).isEqualTo(SECRET));
        }
    }

    private WrappingVersions versions(Kept... kept) {
        return new WrappingVersions(kms(), List.of(kept));
    }

    @Test
    void aServicesKeysAreRotatedTogetherAndWhatWasNeverUsedIsLeftAlone() {
        Kept records = new Kept("contract-records", 2);
        Kept index = new Kept("contract-index", 1);
        Kept unused = new Kept("contract-unused", 0);
        kms().rotate(records.wrapping());
        WrappingVersions all = versions(records, index, unused);
        assertThat(all.newest()).isEqualTo(2);
        assertThat(versions(unused).newest()).isEqualTo(1);

        all.advanceTo(3);
        all.advanceTo(3);
        assertThat(all.newest()).isEqualTo(3);
        assertThat(kms().versions(index.wrapping())).isEqualTo(new KeyVersions(1, 3));
        assertThat(all.renew()).isEqualTo(3);
        assertThat(all.renew()).isZero();
        all.destroyBefore(3);
        all.destroyBefore(3);
        assertThat(kms().versions(records.wrapping())).isEqualTo(new KeyVersions(3, 3));
        assertThat(kms().versions(index.wrapping())).isEqualTo(new KeyVersions(3, 3));
        records.assertReadable();
        index.assertReadable();
        assertRefused(Reason.UNKNOWN_KEY, () -> kms().versions(unused.wrapping()));
    }

    /// A crash between rotate and rewrap, in the midst of it, and between rewrap and destroy.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aProcessThatDiesOnTheWayLosesNothingAndTheNextFinishes(int steps) {
        Kept kept = new Kept("contract-crashed", 3);
        versions(kept).advanceTo(2);
        if (steps == 1) {
            kept.dies = true;
            assertThatThrownBy(() -> versions(kept).renew()).isInstanceOf(IllegalStateException.class);
            kept.dies = false;
        } else if (steps == 2) {
            assertThat(versions(kept).renew()).isEqualTo(3);
        }

        var _ = restarted();
        kept.assertReadable();
        WrappingVersions again = versions(kept);
        again.advanceTo(2);
        assertThat(again.renew()).isEqualTo(3 - (steps == 2 ? 3 : steps));
        again.destroyBefore(2);
        kept.assertReadable();
        assertThat(kms().versions(kept.wrapping())).isEqualTo(new KeyVersions(2, 2));
        assertThat(kept.values)
                .allSatisfy(value -> assertThat(WrappedValue.versionOf(value)).isEqualTo(2));
    }

    private static boolean verifies(KeyKind kind, PublicKey key, byte[] signature) throws GeneralSecurityException {
        Signature verifier =
                Signature.getInstance(kind == KeyKind.SIGNING_P256 ? "SHA256withECDSAinP1363Format" : "Ed25519");
        verifier.initVerify(key);
        verifier.update(SECRET);
        return verifier.verify(signature);
    }

    static void assertRefused(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        KeyManagementException.class,
                        e -> assertThat(e.reason()).isEqualTo(reason));
    }
}

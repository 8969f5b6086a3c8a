package dev.postern.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.kms.KeyManagementException.Reason;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What every implementation of [KeyManagement] keeps. A test class of an implementation extends this one.
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
    void keysSurviveARestart() {
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
            byte[] cut = java.util.Arrays.copyOf(wrapped, length);
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
    void signaturesVerifyUnderThePublicKey(KeyKind kind) throws Exception {
        KeyName key = new KeyName("contract-signing", kind);
        byte[] signature = kms().sign(key, SECRET);
        Signature verifier =
                Signature.getInstance(kind == KeyKind.SIGNING_P256 ? "SHA256withECDSAinP1363Format" : "Ed25519");
        verifier.initVerify(kms().publicKey(key));
        verifier.update(SECRET);

        assertThat(signature).hasSize(64);
        assertThat(verifier.verify(signature)).isTrue();
    }

    @Test
    void kindsDoNotDoEachOthersWork() {
        assertRefused(Reason.WRONG_KIND, () -> kms().sign(WRAPPING, SECRET));
        assertRefused(Reason.WRONG_KIND, () -> kms().publicKey(WRAPPING));
        assertRefused(Reason.WRONG_KIND, () -> kms().wrap(KeyName.signingP256("signing"), SECRET, CONTEXT));
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

    static void assertRefused(Reason reason, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        KeyManagementException.class,
                        e -> assertThat(e.reason()).isEqualTo(reason));
    }
}

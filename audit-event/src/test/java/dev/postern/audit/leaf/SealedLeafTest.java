package dev.postern.audit.leaf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SealedLeafTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final byte[] EVENT = "{\"type\":\"dev.postern.service.started\"}".getBytes(StandardCharsets.UTF_8);
    private static final SecretKeySpec EPOCH = key(7);
    private static final int DAY = 20_783;

    private static SecretKeySpec key(int octet) {
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) octet);
        return new SecretKeySpec(key, "HmacSHA256");
    }

    private static SealedLeaf sealed(byte[] event) {
        return SealedLeaf.of(DAY, 0x01020304, EPOCH, event, RANDOM);
    }

    private static SealedLeaf parsed(byte[] bytes) {
        return SealedLeaf.parse(bytes).orElseThrow();
    }

    @Test
    void itsHeaderIsInTheClearAndNothingElse() {
        byte[] bytes = sealed(EVENT).bytes();
        assertThat(HexFormat.of().formatHex(bytes, 0, 12)).isEqualTo("020100000000512f01020304");
        assertThat(bytes).hasSize(60 + 512 + 16);
        assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).doesNotContain("postern");
        assertThat(parsed(bytes).epoch()).isEqualTo(DAY);
        assertThat(parsed(bytes).keyId()).isEqualTo(0x01020304);
        assertThat(sealed(EVENT).bytes()).as("never twice alike").isNotEqualTo(bytes);
        assertThat(parsed(bytes)).hasToString("SealedLeaf[588 octets]");
        assertThat(parsed(bytes).key(EPOCH)).hasToString("LeafKey[hidden]");
    }

    /// Written again from the description, without the class under test.
    @Test
    void itIsMadeAsDescribed() throws Exception {
        byte[] bytes = sealed(EVENT).bytes();
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(EPOCH);
        mac.update("postern audit leaf 1".getBytes(StandardCharsets.US_ASCII));
        SecretKeySpec leaf = new SecretKeySpec(mac.doFinal(Arrays.copyOfRange(bytes, 12, 28)), "HmacSHA256");
        mac.init(leaf);
        assertThat(mac.doFinal("postern audit leaf 1 commitment".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(Arrays.copyOfRange(bytes, 28, 60));
        mac.init(leaf);
        byte[] key = mac.doFinal("postern audit leaf 1 aes-256-gcm".getBytes(StandardCharsets.US_ASCII));
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, new byte[12]));
        cipher.updateAAD(bytes, 0, 60);
        byte[] plain = cipher.doFinal(bytes, 60, bytes.length - 60);
        assertThat(plain).hasSize(512).startsWith(0, EVENT.length);
        assertThat(Arrays.copyOfRange(plain, 2, 2 + EVENT.length)).isEqualTo(EVENT);
        assertThat(Arrays.copyOfRange(plain, 2 + EVENT.length, 512)).containsOnly(0);
    }

    @Test
    void whoIsGivenItsKeyReadsItAndNoOther() {
        SealedLeaf one = sealed(EVENT);
        SealedLeaf other = sealed(EVENT);
        LeafKey disclosed = LeafKey.parse(one.key(EPOCH).disclosed()).orElseThrow();
        assertThat(parsed(one.bytes()).open(disclosed)).hasValue(EVENT);
        assertThat(other.open(disclosed)).isEmpty();
        assertThat(one.open(one.key(key(8)))).as("another epoch").isEmpty();
        assertThat(LeafKey.parse("AAAA")).isEmpty();
        assertThat(LeafKey.parse("not base64!")).isEmpty();
    }

    @Test
    void noOctetOfItCanBeAltered() {
        SealedLeaf leaf = sealed(EVENT);
        LeafKey key = leaf.key(EPOCH);
        for (int at = 0; at < leaf.bytes().length; at++) {
            byte[] altered = leaf.bytes();
            altered[at] ^= 1;
            Optional<SealedLeaf> read = SealedLeaf.parse(altered);
            assertThat(read.flatMap(one -> one.open(key))).as("octet %s", at).isEmpty();
        }
        byte[] bytes = leaf.bytes();
        for (int length : new int[] {0, 1, 12, 60, 76, 587}) {
            assertThat(SealedLeaf.parse(Arrays.copyOf(bytes, length)))
                    .as("%s octets", length)
                    .isEmpty();
        }
    }

    /// Under a commitment there is one key, also for who may choose the keys.
    @Test
    void anotherKeyThatOpensTheCiphertextIsRefused() {
        SealedLeaf leaf = sealed(EVENT);
        byte[] clear = Arrays.copyOf(leaf.bytes(), 60);
        LeafKey other = leaf.key(key(9));
        byte[] ciphertext = other.seal(clear, new byte[512]);
        byte[] forged = Arrays.copyOf(clear, 60 + ciphertext.length);
        System.arraycopy(ciphertext, 0, forged, 60, ciphertext.length);
        assertThat(parsed(forged).open(other)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 512",
        "510, 512",
        "511, 768",
        "766, 768",
        "767, 1024",
        "1022, 1024",
        "1023, 1536",
        "1535, 2048",
        "40000, 49152",
        "49151, 61440",
        "61438, 61440"
    })
    void lengthsComeInClasses(int length, int plain) {
        byte[] event = new byte[length];
        SealedLeaf leaf = sealed(event);
        assertThat(leaf.bytes()).hasSize(60 + plain + 16);
        assertThat(leaf.bytes().length).isLessThan(65_535);
        assertThat(leaf.open(leaf.key(EPOCH))).hasValue(event);
    }

    @Test
    void whatFitsIntoNoClassIsRefused() {
        assertThatThrownBy(() -> sealed(new byte[61_439])).isInstanceOf(IllegalArgumentException.class);
    }
}

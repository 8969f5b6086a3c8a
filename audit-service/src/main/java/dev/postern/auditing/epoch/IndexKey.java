package dev.postern.auditing.epoch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// What an epoch's index writes instead of values: HMAC-SHA256 under a key that comes from the epoch's by HKDF, so
/// that the index is worthless once the epoch is shredded. Prints nothing.
///
/// Guarantee: equal values of one kind give equal tokens within an epoch, and nothing else can be told from them
/// without the key. Not guaranteed: that it stays hidden how many events share a value.
public final class IndexKey {
    /// Octets of a token.
    public static final int TOKEN = 16;

    private static final String MAC = "HmacSHA256";
    private static final int BYTES = 32;
    private static final byte[] LABEL = "postern audit index 1".getBytes(StandardCharsets.US_ASCII);
    // Leaves that earlier releases left in the clear have no epoch, and nothing to hide.
    private static final IndexKey CLEAR = new IndexKey(new SecretKeySpec(new byte[BYTES], MAC));

    private final SecretKeySpec secret;

    private IndexKey(SecretKeySpec secret) {
        this.secret = secret;
    }

    static IndexKey of(SecretKeySpec epoch) {
        try {
            byte[] material =
                    KDF.getInstance("HKDF-SHA256").deriveData(HKDFParameterSpec.expandOnly(epoch, LABEL, BYTES));
            SecretKeySpec secret = new SecretKeySpec(material, MAC);
            Arrays.fill(material, (byte) 0);
            return new IndexKey(secret);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HKDF-SHA256", e);
        }
    }

    /// For leaves in the clear, as earlier releases wrote them: a key that everybody knows.
    public static IndexKey ofClearLeaves() {
        return CLEAR;
    }

    /// Makes tokens. For one thread.
    public Tokens tokens() {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(secret);
            return new Tokens(mac);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA256", e);
        }
    }

    /// Makes the tokens of one epoch.
    public static final class Tokens {
        private final Mac mac;

        private Tokens(Mac mac) {
            this.mac = mac;
        }

        /// The token of a value.
        ///
        /// @param kind  what it is a value of; values of two kinds have nothing in common
        public byte[] token(String kind, String... values) {
            mac.update(kind.getBytes(StandardCharsets.US_ASCII));
            for (String value : values) {
                byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
                mac.update(
                        ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
                mac.update(bytes);
            }
            return Arrays.copyOf(mac.doFinal(), TOKEN);
        }

        /// The first 64 bits of a token.
        public long tag(String kind, String... values) {
            return ByteBuffer.wrap(token(kind, values)).getLong();
        }
    }

    @Override
    public String toString() {
        return "IndexKey[hidden]";
    }
}

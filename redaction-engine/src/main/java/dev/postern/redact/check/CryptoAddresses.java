package dev.postern.redact.check;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;

/// Wallet addresses: Base58Check (Bitcoin, Litecoin, Dogecoin, Dash, Tron), Bech32 (BIP 173, 350), Ethereum (EIP-55).
final class CryptoAddresses {
    private static final String BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private static final String BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private static final Set<Integer> VERSIONS =
            Set.of(0x00, 0x05, 0x30, 0x32, 0x1e, 0x16, 0x4c, 0x10, 0x41, 0x6f, 0xc4);
    private static final int[] GENERATOR = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};
    private static final int BECH32M = 0x2bc830a3;

    private CryptoAddresses() {}

    static int acceptBase58(String text, int start, int end) {
        BigInteger number = BigInteger.ZERO;
        for (int i = start; i < end; i++) {
            int digit = BASE58.indexOf(text.charAt(i));
            if (digit < 0) {
                return Check.REJECTED;
            }
            number = number.multiply(BigInteger.valueOf(58)).add(BigInteger.valueOf(digit));
        }
        byte[] bytes = number.toByteArray();
        byte[] payload = new byte[25];
        int length = bytes[0] == 0 ? bytes.length - 1 : bytes.length;
        if (length > payload.length) {
            return Check.REJECTED;
        }
        System.arraycopy(bytes, bytes.length - length, payload, payload.length - length, length);
        byte[] hash = sha256(sha256(Arrays.copyOf(payload, 21)));
        boolean valid = VERSIONS.contains(payload[0] & 0xff)
                && Arrays.equals(Arrays.copyOf(hash, 4), Arrays.copyOfRange(payload, 21, 25));
        return valid ? end : Check.REJECTED;
    }

    static int acceptBech32(String text, int start, int end) {
        String given = text.substring(start, end);
        String address = given.toLowerCase(Locale.ROOT);
        int separator = address.lastIndexOf('1');
        if (separator < 1 || (!given.equals(address) && !given.equals(given.toUpperCase(Locale.ROOT)))) {
            return Check.REJECTED;
        }
        int check = 1;
        for (int i = 0; i < separator; i++) {
            check = polymod(check) ^ (address.charAt(i) >> 5);
        }
        check = polymod(check);
        for (int i = 0; i < separator; i++) {
            check = polymod(check) ^ (address.charAt(i) & 31);
        }
        for (int i = separator + 1; i < address.length(); i++) {
            int digit = BECH32.indexOf(address.charAt(i));
            if (digit < 0) {
                return Check.REJECTED;
            }
            check = polymod(check) ^ digit;
        }
        return check == 1 || check == BECH32M ? end : Check.REJECTED;
    }

    private static int polymod(int check) {
        int top = check >>> 25;
        int next = (check & 0x1ffffff) << 5;
        for (int i = 0; i < GENERATOR.length; i++) {
            next ^= (top >>> i & 1) == 0 ? 0 : GENERATOR[i];
        }
        return next;
    }

    /// Of one case, or with the case that EIP-55 asks for.
    static int acceptEthereum(String text, int start, int end) {
        String digits = text.substring(start + 2, end);
        String lower = digits.toLowerCase(Locale.ROOT);
        if (digits.equals(lower) || digits.equals(digits.toUpperCase(Locale.ROOT))) {
            return Digits.same(lower) ? Check.REJECTED : end;
        }
        byte[] hash = Keccak256.of(lower.getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < digits.length(); i++) {
            int nibble = hash[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15;
            char c = digits.charAt(i);
            if (Character.isLetter(c) && Character.isUpperCase(c) != nibble >= 8) {
                return Check.REJECTED;
            }
        }
        return end;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}

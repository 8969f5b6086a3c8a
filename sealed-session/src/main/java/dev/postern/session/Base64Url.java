package dev.postern.session;

import java.util.Base64;
import java.util.Optional;

/// Base64url without padding (RFC 4648 s5), as JOSE writes it.
final class Base64Url {
    private Base64Url() {}

    static String encode(byte[] octets) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    /// The octets, when the text is exactly the canonical encoding of `length` octets.
    static Optional<byte[]> decode(String text, int length) {
        if (text.length() != (length * 4 + 2) / 3) {
            return Optional.empty();
        }
        try {
            byte[] octets = Base64.getUrlDecoder().decode(text);
            // Re-encoding refuses stray bits in the last character: one value, one text.
            return octets.length == length && encode(octets).equals(text) ? Optional.of(octets) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}

package dev.postern.audit;

import java.util.Base64;

/// A piece of a body that was sealed to custodians before it came into an event: the one text of an event that may be
/// longer than 256 characters.
///
/// @param text base64url without padding, of 1 to 32 Ki octets
public record SealedPart(String text) {
    /// Octets of the longest piece: with its envelope it fits into a leaf.
    public static final int LONGEST = 32 << 10;

    private static final int LONGEST_TEXT = (LONGEST * 8 + 5) / 6;

    public SealedPart {
        if (!isSealedPart(text)) {
            throw new IllegalArgumentException("a sealed part is base64url of 1 to " + LONGEST + " octets");
        }
    }

    /// Encodes a piece.
    ///
    /// @param octets 1 to [#LONGEST]
    public static SealedPart of(byte[] octets) {
        return new SealedPart(Base64.getUrlEncoder().withoutPadding().encodeToString(octets));
    }

    static boolean isSealedPart(Object value) {
        return value instanceof String text
                && !text.isEmpty()
                && text.length() <= LONGEST_TEXT
                && text.length() % 4 != 1
                && text.chars().allMatch(SealedPart::isBase64Url);
    }

    private static boolean isBase64Url(int c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }

    @Override
    public String toString() {
        return "SealedPart[" + text.length() + " characters]";
    }
}

package dev.postern.redact.check;

/// RFC 7468 private keys: from the opening line through the closing one. Without a closing line everything to the end
/// of the text is taken: half a key is a secret, too.
final class PrivateKeys {
    private static final String CLOSING = "-----END";

    private PrivateKeys() {}

    static int accept(String text, int start, int end) {
        int closing = text.indexOf(CLOSING, end);
        if (closing < 0) {
            return text.length();
        }
        int dashes = text.indexOf("-----", closing + CLOSING.length());
        return dashes < 0 ? text.length() : dashes + 5;
    }
}

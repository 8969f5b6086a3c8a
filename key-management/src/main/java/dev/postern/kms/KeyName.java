package dev.postern.kms;

import java.util.regex.Pattern;

/// Names a key, kind included: the same value under two kinds is two keys.
public record KeyName(String value, KeyKind kind) {
    private static final Pattern FORM = Pattern.compile("[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?");

    public KeyName {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("a key is named in lower-case letters, digits and hyphens");
        }
    }

    public static KeyName wrapping(String value) {
        return new KeyName(value, KeyKind.WRAPPING);
    }

    public static KeyName signingEd25519(String value) {
        return new KeyName(value, KeyKind.SIGNING_ED25519);
    }

    public static KeyName signingP256(String value) {
        return new KeyName(value, KeyKind.SIGNING_P256);
    }
}

package dev.postern.cli.home;

import java.security.SecureRandom;
import java.util.Base64;

/// New secrets as text: 256 bits from the given source, base64url without padding.
public final class SecretText {
    private static final int BYTES = 32;

    private final SecureRandom random;

    public SecretText(SecureRandom random) {
        this.random = random;
    }

    public String next() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}

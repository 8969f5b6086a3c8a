package dev.postern.client;

import java.io.IOException;

/// The issuer was reached and gives no token: trying again later will not help.
public final class TokenRefused extends IOException {
    private static final long serialVersionUID = 1L;

    public TokenRefused() {
        super("The issuer gives no token.");
    }
}

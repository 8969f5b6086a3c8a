package dev.postern.client;

import java.time.Instant;

/// An access token, which prints nothing of itself.
///
/// @param value the compact token
/// @param expires its end by this machine's clock
public record Token(String value, Instant expires) {
    public Token {
        if (value.isBlank()) {
            throw new IllegalArgumentException("a token is not blank");
        }
    }

    @Override
    public String toString() {
        return "Token[until " + expires + "]";
    }
}

package dev.postern.cli.token;

import java.time.Instant;

/// An access token as the token-service gave it.
///
/// @param expires when it ends, as counted from the answer's arrival
public record IssuedToken(String token, Instant expires) {
    @Override
    public String toString() {
        return "IssuedToken[until " + expires + "]";
    }
}

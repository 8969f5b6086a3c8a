package dev.postern.sts.clientauth;

import java.util.Optional;

/// What a request brought to prove its client; nothing of it is verified.
sealed interface Credential {

    /// A signed assertion (RFC 7523).
    ///
    /// @param clientId what the request calls its client beside it; empty if it leaves that to the assertion
    record Assertion(String compact, Optional<String> clientId) implements Credential {
        @Override
        public String toString() {
            return "Assertion[hidden]";
        }
    }

    /// The connection's certificate, with the name the client claims.
    record Certificate(String clientId) implements Credential {}

    /// A name and a password.
    record Password(String clientId, String secret) implements Credential {
        @Override
        public String toString() {
            return "Password[hidden]";
        }
    }
}

package dev.postern.redact.check;

import java.util.Map;

/// What tells a secret from a placeholder, a word or an identifier.
final class SecretChecks {
    static final Map<String, Check> CHECKS = Map.of(
            "password", Passwords::acceptMixed,
            "password-assigned", Passwords::acceptAssigned,
            "credentials", Passwords::acceptCredentials,
            "user-name", Passwords::acceptUserName,
            "random-token", RandomTokens::accept,
            "issued-token", RandomTokens::acceptIssued,
            "hex-secret", RandomTokens::acceptHex,
            "private-key", new PrivateKeys(),
            "json-web-token", JsonWebTokens::accept);

    private SecretChecks() {}
}

package dev.postern.redact.check;

import java.util.Map;

/// What tells a secret from a placeholder, a word or an identifier.
final class SecretChecks {
    static final Map<String, Check> CHECKS = Map.ofEntries(
            Map.entry("password", Passwords::acceptMixed),
            Map.entry("password-strong", Passwords::acceptStrong),
            Map.entry("password-assigned", Passwords::acceptAssigned),
            Map.entry("password-short", Passwords::acceptShort),
            Map.entry("password-login", Passwords::acceptLogin),
            Map.entry("header-token", RandomTokens::acceptHeader),
            Map.entry("password-phrase", Passwords::acceptPhrase),
            Map.entry("credentials", Passwords::acceptCredentials),
            Map.entry("user-name", Passwords::acceptUserName),
            Map.entry("random-token", RandomTokens::accept),
            Map.entry("issued-token", RandomTokens::acceptIssued),
            Map.entry("hex-secret", RandomTokens::acceptHex),
            Map.entry("private-key", new PrivateKeys("-----END", "-----")),
            Map.entry("putty-key", new PrivateKeys("Private-MAC")),
            Map.entry("json-web-token", JsonWebTokens::accept));

    private SecretChecks() {}
}

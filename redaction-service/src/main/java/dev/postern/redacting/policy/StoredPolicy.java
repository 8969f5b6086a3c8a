package dev.postern.redacting.policy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;

/// A tenant's policy as it is kept. Prints nothing of the document.
///
/// @param version counted from 1
/// @param document the JSON text
/// @param salt random, base64url: without it nobody can test guesses of a document against its digest
/// @param author the client that sent it
public record StoredPolicy(
        String tenant, long version, String document, String salt, String author, Instant publishedAt) {

    /// What the audit log says of the document: SHA-256 of salt and document, base64url. Whoever may read the document
    /// is told the salt, and can show later that it was this one.
    public String digest() {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(salt.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(sha256.digest(document.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "StoredPolicy[" + tenant + ", version " + version + "]";
    }
}

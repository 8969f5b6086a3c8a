package dev.postern.system.architecture;

/// Who may do cryptography, each with its reason. To lengthen these lists is a decision for a review, not for a build
/// fix.
final class CryptoPackages {
    /// May use `javax.crypto`.
    static final String[] CIPHERS = {
        // SSP1: key schedule and frames
        "dev.postern.session..",
        // the sealed keyset file
        "dev.postern.kms..",
        // pseudonyms are an HMAC of the value
        "dev.postern.redacting.pseudonym..",
        // what became of requests lies in Redis under a key that only the request brings
        "dev.postern.relay.journal..",
        // the leaves of the audit log, and the keys of their day
        "dev.postern.audit.leaf..",
        "dev.postern.auditing.epoch..",
        // bodies that two persons open together
        "dev.postern.archive..",
        // the nonces demanded in DPoP proofs are an HMAC of the time
        "dev.postern.token..",
    };

    /// May make a `SecureRandom`: where keys are born behind a factory that takes none.
    static final String[] RANDOM_SOURCES = {
        "dev.postern.session..",
        "dev.postern.kms..",
        // a workload's own key pair
        "dev.postern.identity..",
        // the event ids of a trail, and the jitter of its retries
        "dev.postern.audit..",
    };

    private CryptoPackages() {}
}

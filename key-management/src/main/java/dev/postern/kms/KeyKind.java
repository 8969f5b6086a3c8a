package dev.postern.kms;

/// What a key can do. A key of one kind refuses the work of another.
public enum KeyKind {
    /// AES-256-GCM: [KeyManagement#wrap] and [KeyManagement#unwrap].
    WRAPPING,
    /// Ed25519 (RFC 8032): [KeyManagement#sign] gives 64 bytes.
    SIGNING_ED25519,
    /// ECDSA on P-256 with SHA-256: [KeyManagement#sign] gives R and S, 32 bytes each, as JOSE wants them.
    SIGNING_P256
}

package dev.postern.session;

/// What an OPEN's proof must say for the relay to believe that the token's holder sent it. All hashes are
/// base64url.
///
/// The proof's freshness comes from `nonce`, which this relay issued within the last two minutes: its `iat` is a
/// client's clock and may be off by an hour.
///
/// @param htm `OPEN`
/// @param htu the relay's audience
/// @param ath SHA-256 over the token
/// @param nonce the challenge
/// @param tsh the hash over the handshake so far
public record ExpectedProof(String htm, String htu, String ath, String nonce, String tsh) {
    static final String METHOD = "OPEN";
}

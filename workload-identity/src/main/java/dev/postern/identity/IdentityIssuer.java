package dev.postern.identity;

/// Turns a PKCS#10 request (DER) into a certificate: the remote authority, or the authority itself in process.
@FunctionalInterface
public interface IdentityIssuer {
    /// Blocks until there is an answer.
    ///
    /// @throws IdentityUnavailable with the reason; the caller keeps what it has
    IssuedChain issue(byte[] csrDer) throws IdentityUnavailable;
}

package dev.postern.identity;

import java.security.cert.X509Certificate;

/// Turns requests into certificates, for names that were granted. Who is granted what is decided by its caller.
///
/// Guarantee: a certificate holds the granted names and no others, whatever the request says; a request that asks for
/// more is refused.
public interface CertificateAuthority {
    /// The anchor: public.
    X509Certificate certificate();

    /// Issues the granted names to the key of a request.
    ///
    /// @throws SigningRequest.Refused if the request is broken or asks for a name that is not granted
    /// @throws IdentityUnavailable if the authority cannot sign now
    IssuedChain issue(byte[] csrDer, InMemoryAuthority.Grant grant) throws SigningRequest.Refused;

    /// An issuer that grants always the same: for identities inside this process.
    default IdentityIssuer issuerFor(InMemoryAuthority.Grant grant) {
        return csrDer -> {
            try {
                return issue(csrDer, grant);
            } catch (SigningRequest.Refused refused) {
                throw new IdentityUnavailable(
                        IdentityUnavailable.Reason.REFUSED, "The authority refused the certificate request.", refused);
            }
        };
    }
}

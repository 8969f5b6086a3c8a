package dev.postern.vault;

import dev.postern.identity.CertificatePem;
import dev.postern.identity.IdentityIssuer;
import dev.postern.identity.IdentityUnavailable;
import dev.postern.identity.IdentityUnavailable.Reason;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.IssuedChain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;

/// This service's own certificates from the Vault's PKI engine, for its first and for each renewal: what proves the
/// service are its credentials at the Vault.
///
/// Guarantees: the service's role there signs its own names and no others, and an answer with other names, another key,
/// a longer life, or of another CA than the one in the platform's CA file is refused. Not guaranteed: that
/// key-rotation-service knows a certificate before it was shown there; and a service whose credentials somebody else
/// has can be posed as until they are taken back at the Vault, whatever is denied.
final class VaultIdentityIssuer implements IdentityIssuer {
    private final IdentityIssuer issuer;
    private final X509Certificate vaults;
    private final Path platform;

    /// @param platform PEM file of the one anchor that the platform trusts
    VaultIdentityIssuer(VaultAuthority authority, InMemoryAuthority.Grant grant, Path platform) {
        this.issuer = authority.issuerFor(grant);
        this.vaults = authority.certificate();
        this.platform = platform;
    }

    @Override
    public IssuedChain issue(byte[] csrDer) {
        if (!anchors().equals(List.of(vaults))) {
            throw new IdentityUnavailable(
                    Reason.REFUSED, "The CA at the Vault is not the one in " + platform + ": is it the right Vault?");
        }
        return issuer.issue(csrDer);
    }

    /// Read each time: at a first start the file may come later.
    private List<X509Certificate> anchors() {
        try {
            return CertificatePem.certificates(Files.readString(platform));
        } catch (IOException | CertificateException e) {
            throw new IdentityUnavailable(
                    Reason.NO_TRUST_ANCHOR, "There is no CA certificate in " + platform + " (yet).", e);
        }
    }
}

package dev.postern.sts.clientauth;

import dev.postern.identity.PeerIdentity;
import dev.postern.identity.TrustDomain;
import java.security.cert.X509Certificate;
import java.util.function.Consumer;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientAuthenticationContext;

/// A certificate proves the client whose name its SPIFFE id carries: `spiffe://<trust domain>/service/<client_id>`.
///
/// The stock verifier compares the subject's distinguished name, which workload certificates do not use.
final class WorkloadCertificateVerifier implements Consumer<OAuth2ClientAuthenticationContext> {

    private final TrustDomain trustDomain;

    WorkloadCertificateVerifier(TrustDomain trustDomain) {
        this.trustDomain = trustDomain;
    }

    @Override
    public void accept(OAuth2ClientAuthenticationContext context) {
        if (!(context.getAuthentication().getCredentials() instanceof X509Certificate[] chain)
                || !isService(chain[0], context.getRegisteredClient().getClientId())) {
            throw new OAuth2AuthenticationException(OAuth2ErrorCodes.INVALID_CLIENT);
        }
    }

    private boolean isService(X509Certificate leaf, String clientId) {
        return PeerIdentity.of(leaf)
                .flatMap(trustDomain::workloadOf)
                .filter(clientId::equals)
                .isPresent();
    }
}

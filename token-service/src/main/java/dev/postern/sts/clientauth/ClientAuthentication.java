package dev.postern.sts.clientauth;

import dev.postern.identity.TrustDomain;
import dev.postern.sts.TokenServiceProperties;
import dev.postern.sts.client.Clients;
import dev.postern.sts.client.RegisteredClients;
import dev.postern.sts.singleuse.UsedOnce;
import java.time.Clock;
import java.util.List;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.authentication.JwtClientAssertionAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.authentication.X509ClientCertificateAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.web.authentication.JwtClientAssertionAuthenticationConverter;
import org.springframework.security.web.authentication.AuthenticationConverter;

/// The two ways to authenticate as a client, in the order they are tried. There is no third: no secrets, no public
/// clients.
public final class ClientAuthentication {

    private final JwtClientAssertionAuthenticationProvider assertions;
    private final X509ClientCertificateAuthenticationProvider certificates;
    private final OAuth2AuthorizationService authorizations = new NothingStored();

    public ClientAuthentication(
            TokenServiceProperties properties,
            TrustDomain trustDomain,
            Clients clients,
            UsedOnce usedOnce,
            Clock clock) {
        RegisteredClients registered = new RegisteredClients(clients);
        AssertionPolicy policy = new AssertionPolicy(
                properties.issuer().toString(), properties.assertionLifetime(), properties.clockSkew());
        assertions = new JwtClientAssertionAuthenticationProvider(registered, authorizations);
        assertions.setJwtDecoderFactory(new AssertionDecoders(clients, policy, usedOnce, clock));
        certificates = new X509ClientCertificateAuthenticationProvider(registered, authorizations);
        certificates.setCertificateVerifier(new WorkloadCertificateVerifier(trustDomain));
    }

    public List<AuthenticationConverter> converters() {
        return List.of(new JwtClientAssertionAuthenticationConverter(), new WorkloadCertificateConverter());
    }

    public List<AuthenticationProvider> providers() {
        return List.of(assertions, certificates);
    }

    /// What the Authorization Server is given to store authorizations in.
    public OAuth2AuthorizationService authorizations() {
        return authorizations;
    }
}

package dev.postern.sts.clientauth;

import dev.postern.identity.TrustDomain;
import dev.postern.sts.TokenServiceProperties;
import dev.postern.sts.client.Clients;
import dev.postern.sts.singleuse.UsedOnce;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.web.authentication.AuthenticationConverter;

/// How clients authenticate at the OAuth end points, as the Authorization Server takes it: ours in place of all of its
/// own. There are no public clients, and no passwords but on a developer's machine.
public final class ClientAuthentication {

    private static final Logger log = LoggerFactory.getLogger(ClientAuthentication.class);

    private final ClientAuthenticator authenticator;
    private final OAuth2AuthorizationService authorizations = new NothingStored();
    private final RegisteredClientRepository registrations = new NobodyRegistered();

    /// @param platform the platform's trust anchors at each moment
    public ClientAuthentication(
            TokenServiceProperties properties,
            TrustDomain trustDomain,
            Supplier<? extends Collection<X509Certificate>> platform,
            CertificatePaths paths,
            Clients clients,
            UsedOnce usedOnce,
            Clock clock) {
        AssertionPolicy policy = new AssertionPolicy(
                properties.issuer().toString(), properties.assertionLifetime(), properties.clockSkew());
        authenticator = new ClientAuthenticator(
                clients,
                new AssertionVerifier(clients, policy, usedOnce, clock),
                new CertificateVerifier(trustDomain, platform, paths),
                properties.localSecrets());
        if (properties.localSecrets()) {
            log.warn("client secrets are taken (postern.sts.local-secrets): for a developer's machine only");
        } else {
            log.info("client secrets are refused: clients prove themselves by a key or a certificate");
        }
    }

    public List<AuthenticationConverter> converters() {
        return List.of(new ClientCredentialsConverter());
    }

    public List<AuthenticationProvider> providers() {
        return List.of(authenticator);
    }

    /// What the Authorization Server is given to store authorizations in.
    public OAuth2AuthorizationService authorizations() {
        return authorizations;
    }

    /// What the Authorization Server is given to look clients up in: it finds none, since ours decide.
    public RegisteredClientRepository registrations() {
        return registrations;
    }
}

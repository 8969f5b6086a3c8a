package dev.postern.sts.exchange;

import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// A foreign issuer whose tokens may be exchanged, and the most that may come out of it.
///
/// @param name by which clients' registrations name it
/// @param issuer the exact `iss`; for SPIFFE the trust domain, `spiffe://example.org`
/// @param keys the issuer's, from here and never from a token
/// @param audience the only `aud` its tokens may have: ours, as it knows us
/// @param algorithms of its signatures: `ES256`, `RS256`, `PS256`, and `EdDSA` where it is named
/// @param subject what `sub` must match, whole
/// @param scopes that may come out
/// @param audiences that what comes out may be for
/// @param tenant whose clients may exchange
/// @param clientIds who may exchange; empty for every client of the tenant whose registration names the issuer
public record TrustedIssuer(
        String name,
        String issuer,
        Type type,
        Keys keys,
        String audience,
        Set<String> algorithms,
        Pattern subject,
        Set<String> scopes,
        Set<String> audiences,
        String tenant,
        Set<String> clientIds) {

    /// What kind of tokens it issues.
    public enum Type {
        /// ID and access tokens of an OpenID provider.
        OIDC,
        /// Projected tokens of Kubernetes service accounts.
        KUBERNETES,
        /// JWT-SVIDs.
        SPIFFE
    }

    /// Where its keys come from.
    public sealed interface Keys {
        /// A JWK set, as it was registered.
        record Registered(String jwks) implements Keys {}

        /// A JWK set that is fetched from this address.
        record Published(URI jwksUri) implements Keys {
            public Published {
                if (!"https".equals(jwksUri.getScheme())
                        || jwksUri.getHost() == null
                        || jwksUri.getUserInfo() != null) {
                    throw new IllegalArgumentException("an issuer's jwks_uri is an https address");
                }
            }
        }
    }

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Set<String> ALGORITHMS = Set.of("ES256", "RS256", "PS256", "EdDSA");
    private static final Set<String> CONTROL_PLANE = Set.of("urn:postern:admin", "urn:postern:rotation");

    public TrustedIssuer {
        algorithms = Set.copyOf(algorithms);
        scopes = Set.copyOf(scopes);
        audiences = Set.copyOf(audiences);
        clientIds = Set.copyOf(clientIds);
        require(NAME.matcher(name).matches(), "name");
        require(NAME.matcher(tenant).matches(), "tenant");
        require(
                type == Type.SPIFFE ? isTrustDomain(issuer) : issuer.startsWith("https://") && issuer.length() <= 512,
                "issuer");
        require(!audience.isBlank() && audience.length() <= 512, "audience");
        require(!algorithms.isEmpty() && ALGORITHMS.containsAll(algorithms), "algorithms");
        require(!scopes.isEmpty() && scopes.stream().noneMatch(scope -> scope.startsWith("admin:")), "scopes");
        require(!audiences.isEmpty() && audiences.stream().noneMatch(CONTROL_PLANE::contains), "audiences");
    }

    private static boolean isTrustDomain(String issuer) {
        return issuer.matches("spiffe://[a-z0-9][a-z0-9.-]{0,253}");
    }

    private static void require(boolean condition, String member) {
        if (!condition) {
            throw new IllegalArgumentException("an issuer's " + member + " must be set and well-formed");
        }
    }

    /// The trust domain of a SPIFFE id.
    static Optional<String> trustDomainOf(String subject) {
        if (!subject.startsWith("spiffe://")) {
            return Optional.empty();
        }
        int path = subject.indexOf('/', "spiffe://".length());
        return path < 0 ? Optional.empty() : Optional.of(subject.substring(0, path));
    }
}

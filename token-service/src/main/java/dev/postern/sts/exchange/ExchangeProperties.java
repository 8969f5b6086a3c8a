package dev.postern.sts.exchange;

import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// The foreign issuers whose tokens may be exchanged, for a platform that keeps them in configuration.
///
/// @param issuers none by default
@ConfigurationProperties("postern.sts.exchange")
record ExchangeProperties(@DefaultValue List<Issuer> issuers) {

    /// One issuer; see [TrustedIssuer].
    ///
    /// @param jwks a JWK set as JSON, or
    /// @param jwksUri where it is published
    record Issuer(
            String name,
            String issuer,
            TrustedIssuer.Type type,
            @Nullable String jwks,
            @Nullable URI jwksUri,
            String audience,
            @DefaultValue({"ES256", "RS256", "PS256"}) Set<String> algorithms,
            @DefaultValue(".*") String subjectPattern,
            Set<String> scopes,
            Set<String> audiences,
            String tenant,
            @DefaultValue Set<String> clientIds) {

        TrustedIssuer trusted() {
            try {
                return new TrustedIssuer(
                        name,
                        issuer,
                        type,
                        keys(),
                        audience,
                        algorithms,
                        Pattern.compile(subjectPattern),
                        scopes,
                        audiences,
                        tenant,
                        clientIds);
            } catch (PatternSyntaxException e) {
                throw new IllegalArgumentException("an issuer's subject-pattern is no regular expression", e);
            }
        }

        private TrustedIssuer.Keys keys() {
            if (jwks != null && jwksUri == null) {
                return new TrustedIssuer.Keys.Registered(jwks);
            }
            if (jwksUri != null && jwks == null) {
                return new TrustedIssuer.Keys.Published(jwksUri);
            }
            throw new IllegalArgumentException("an issuer has either jwks or jwks-uri");
        }
    }

    TrustedIssuers trusted() {
        return TrustedIssuers.of(issuers.stream().map(Issuer::trusted).toList());
    }
}

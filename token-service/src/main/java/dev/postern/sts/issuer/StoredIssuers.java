package dev.postern.sts.issuer;

import dev.postern.sts.exchange.TrustedIssuer;
import dev.postern.sts.exchange.TrustedIssuer.Keys;
import dev.postern.sts.exchange.TrustedIssuers;
import java.util.Optional;
import java.util.regex.Pattern;

/// The administrators' allow-list, as token exchange asks for it. What was removed is not found.
public final class StoredIssuers implements TrustedIssuers {

    private final IssuerStore issuers;

    public StoredIssuers(IssuerStore issuers) {
        this.issuers = issuers;
    }

    @Override
    public Optional<TrustedIssuer> find(String issuer) {
        return issuers.findByIssuer(issuer).map(StoredIssuers::trusted);
    }

    /// An entry as exchange knows it.
    ///
    /// @throws IllegalArgumentException with one sentence if it breaks a rule of exchange
    public static TrustedIssuer trusted(ForeignIssuer issuer) {
        return new TrustedIssuer(
                issuer.name(),
                issuer.issuer(),
                switch (issuer.type()) {
                    case OIDC -> TrustedIssuer.Type.OIDC;
                    case KUBERNETES -> TrustedIssuer.Type.KUBERNETES;
                    case SPIFFE -> TrustedIssuer.Type.SPIFFE;
                },
                issuer.jwksUri()
                        .<Keys>map(Keys.Published::new)
                        .orElseGet(() -> new Keys.Registered(issuer.jwks().orElseThrow())),
                issuer.audience(),
                issuer.algorithms(),
                subject(issuer.subjectPattern()),
                issuer.scopes(),
                issuer.audiences(),
                issuer.tenant(),
                issuer.clientIds());
    }

    /// A regular expression of our own making only: an administrator's could take for ever.
    private static Pattern subject(String pattern) {
        return pattern.endsWith("*")
                ? Pattern.compile(Pattern.quote(pattern.substring(0, pattern.length() - 1)) + ".*")
                : Pattern.compile(Pattern.quote(pattern));
    }
}

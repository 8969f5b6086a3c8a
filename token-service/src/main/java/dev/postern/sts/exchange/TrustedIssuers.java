package dev.postern.sts.exchange;

import java.util.List;
import java.util.Optional;

/// The allow-list of foreign issuers.
@FunctionalInterface
public interface TrustedIssuers {

    /// The issuer with this exact `iss` (for SPIFFE: trust domain) now; an issuer that was removed is not found.
    ///
    /// @throws org.springframework.dao.DataAccessException when nobody can say
    Optional<TrustedIssuer> find(String issuer);

    /// A fixed list.
    static TrustedIssuers of(List<TrustedIssuer> issuers) {
        List<TrustedIssuer> fixed = List.copyOf(issuers);
        return issuer ->
                fixed.stream().filter(known -> known.issuer().equals(issuer)).findFirst();
    }
}

package dev.postern.redacting.detection;

import java.util.Map;
import java.util.Optional;

/// The checks a rule may name.
final class NamedChecks {
    private static final Map<String, Check> ALL = Map.ofEntries(
            Map.entry("none", (_, _, end) -> end),
            Map.entry("payment-card", PaymentCards::accept),
            Map.entry("social-security-number", SocialSecurityNumbers::accept),
            Map.entry("iban", Ibans::accept),
            Map.entry("ipv4", IpAddresses::acceptV4),
            Map.entry("ipv6", IpAddresses::acceptV6),
            Map.entry("phone-international", PhoneNumbers::acceptInternational),
            Map.entry("phone-national", PhoneNumbers::acceptNational),
            Map.entry("phone-in-context", PhoneNumbers::acceptInContext),
            Map.entry("password", Passwords::acceptMixed),
            Map.entry("password-assigned", Passwords::acceptAssigned),
            Map.entry("random-token", RandomTokens::accept),
            Map.entry("private-key", PrivateKeys::accept));

    private NamedChecks() {}

    static Optional<Check> find(String name) {
        return Optional.ofNullable(ALL.get(name));
    }
}

package dev.postern.sts.client;

import dev.postern.token.AuthorizationDetail;
import dev.postern.token.IpRange;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What a client's tokens must and may be.
///
/// @param bindings a token has one of these; an unbound one only where `BEARER` is listed
/// @param networks it may ask from, and its tokens are good from; empty for any
/// @param roles by which policy knows it; empty for what its registration grants
/// @param tokenLifetime the longest its tokens live
/// @param details narrow every token it gets, and are the most a request may ask for
/// @param sensitivityClearance the most sensitive data it may send
public record ClientPolicy(
        Set<Binding> bindings,
        List<IpRange> networks,
        Set<String> roles,
        Duration tokenLifetime,
        Exchange exchange,
        List<AuthorizationDetail> details,
        Sensitivity sensitivityClearance) {

    /// How a token is bound to its sender.
    public enum Binding {
        /// To a key that signs a proof for each request (RFC 9449).
        DPOP,
        /// To the client's certificate (RFC 8705).
        MTLS,
        /// To nothing: whoever has it may use it.
        BEARER;

        /// Its name in documents.
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Binding> ofWireName(String name) {
            return Arrays.stream(values())
                    .filter(one -> one.wireName().equals(name))
                    .findFirst();
        }
    }

    /// How sensitive data is, in rising order.
    public enum Sensitivity {
        PUBLIC,
        INTERNAL,
        CONFIDENTIAL,
        RESTRICTED;

        /// Its name in documents.
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Optional<Sensitivity> ofWireName(String name) {
            return Arrays.stream(values())
                    .filter(one -> one.wireName().equals(name))
                    .findFirst();
        }
    }

    /// Which tokens the client may exchange (RFC 8693).
    ///
    /// @param allowed whether it may exchange at all; then its own tokens
    /// @param issuers names of foreign issuers whose tokens it may exchange
    /// @param subjects other clients whose tokens it may exchange, and then acts for
    public record Exchange(boolean allowed, Set<String> issuers, Set<String> subjects) {
        public static final Exchange NONE = new Exchange(false, Set.of(), Set.of());

        public Exchange {
            issuers = checked(issuers, "exchange");
            subjects = checked(subjects, "exchange");
        }
    }

    // Before DEFAULT, which needs them.
    private static final int MAX_ENTRIES = 32;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    /// The longest life of any token: a retired signing key is kept for verification this long.
    public static final Duration LONGEST_LIFETIME = Duration.ofMinutes(5);

    /// Sender-bound tokens of full life, no exchange, internal data.
    public static final ClientPolicy DEFAULT = new ClientPolicy(
            Set.of(Binding.DPOP, Binding.MTLS),
            List.of(),
            Set.of(),
            LONGEST_LIFETIME,
            Exchange.NONE,
            List.of(),
            Sensitivity.INTERNAL);

    public ClientPolicy {
        bindings = Set.copyOf(bindings);
        networks = List.copyOf(networks);
        roles = checked(roles, "roles");
        details = List.copyOf(details);
        if (bindings.isEmpty()) {
            throw new IllegalArgumentException("a client's bindings must name at least one");
        }
        if (networks.size() > MAX_ENTRIES) {
            throw new IllegalArgumentException("a client's networks must be at most 32");
        }
        if (tokenLifetime.compareTo(Duration.ofSeconds(1)) < 0 || tokenLifetime.compareTo(LONGEST_LIFETIME) > 0) {
            throw new IllegalArgumentException("a client's token_lifetime_s must lie between 1 and 300");
        }
        if (details.size() > AuthorizationDetail.MAX_DETAILS) {
            throw new IllegalArgumentException("a client's authorization_details must be at most 16");
        }
    }

    private static Set<String> checked(Set<String> names, String member) {
        if (names.size() > MAX_ENTRIES || !names.stream().allMatch(NAME.asMatchPredicate())) {
            throw new IllegalArgumentException("a client's " + member + " must be at most 32 well-formed names");
        }
        return Set.copyOf(names);
    }
}

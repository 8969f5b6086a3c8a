package dev.postern.sts.issuance;

import dev.postern.sts.client.ClientPolicy.Sensitivity;
import dev.postern.sts.client.ClientRegistration;
import dev.postern.sts.exchange.Ceiling;
import dev.postern.sts.refusal.Refusal;
import dev.postern.token.AuthorizationDetail;
import dev.postern.token.IpRange;
import dev.postern.token.TokenUse;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;

/// What a request is granted: never more than asked for, never more than the client may have, never more than what it
/// exchanges had.
///
/// @param audience exactly one, so that a token taken by one service is worthless at another
record Grant(
        ClientRegistration client,
        String subject,
        String tenant,
        List<String> actors,
        TokenUse use,
        Set<String> scopes,
        String audience,
        Set<String> roles,
        List<IpRange> networks,
        List<AuthorizationDetail> details,
        Sensitivity clearance,
        OptionalInt uses,
        Duration lifetime,
        Optional<String> sessionId,
        Optional<String> subjectTokenId) {

    private static final String GATEWAY = "urn:postern:gateway";
    private static final String ADMIN_SCOPES = "admin:";

    /// What a token for an audience may be used for; the first is the default.
    private static final Map<String, List<TokenUse>> USES = Map.of(
            GATEWAY,
            List.of(TokenUse.INFERENCE, TokenUse.PUBLISH, TokenUse.SUBSCRIBE, TokenUse.CAPABILITY),
            "urn:postern:relay",
            List.of(TokenUse.SESSION, TokenUse.CAPABILITY),
            "urn:postern:admin",
            List.of(TokenUse.ADMIN),
            "urn:postern:rotation",
            List.of(TokenUse.ADMIN));

    /// Of every other audience.
    private static final List<TokenUse> OTHER_USES = List.of(TokenUse.TOOL);

    /// Decides on everything but binding and policy; a scope must be named, there is no default to widen by accident.
    ///
    /// @param ceiling of what is exchanged; empty for `client_credentials`
    static Grant decide(
            TokenParameters asked,
            ClientRegistration client,
            Optional<Ceiling> ceiling,
            Duration longest,
            Instant now) {
        String audience = audience(asked, client, ceiling);
        TokenUse use = use(asked, audience, ceiling);
        Set<String> scopes = scopes(asked, client, ceiling, use);
        List<AuthorizationDetail> details = details(asked, client, ceiling);
        return new Grant(
                client,
                ceiling.map(Ceiling::subject).orElse(client.clientId()),
                ceiling.map(Ceiling::tenant).orElse(client.tenant()),
                ceiling.map(Ceiling::actors).orElse(List.of()),
                use,
                scopes,
                audience,
                roles(client, ceiling),
                networks(client, ceiling),
                details,
                clearance(client, ceiling),
                uses(asked, use, scopes, details),
                lifetime(asked, client, ceiling, longest, now),
                ceiling.flatMap(Ceiling::sessionId),
                ceiling.flatMap(Ceiling::subjectTokenId));
    }

    private static String audience(TokenParameters asked, ClientRegistration client, Optional<Ceiling> ceiling) {
        String audience = asked.audience()
                .orElse(ceiling.filter(most -> most.audiences().size() == 1)
                        .map(most -> most.audiences().iterator().next())
                        .orElse(GATEWAY));
        boolean covered = ceiling.isEmpty() || ceiling.get().audiences().contains(audience);
        if (!covered || !client.audiences().contains(audience)) {
            throw Refusal.INVALID_TARGET.because(covered ? "audience" : "exchange-wider-audience");
        }
        return audience;
    }

    private static TokenUse use(TokenParameters asked, String audience, Optional<Ceiling> ceiling) {
        List<TokenUse> possible = USES.getOrDefault(audience, OTHER_USES);
        // An exchanged token keeps its use where it can: a publisher's does not become an inference token by default.
        TokenUse use = asked.use()
                .orElseGet(() -> possible.stream()
                        .filter(candidate ->
                                ceiling.isEmpty() || ceiling.get().uses().contains(candidate))
                        .filter(candidate -> candidate != TokenUse.CAPABILITY)
                        .findFirst()
                        .orElse(possible.getFirst()));
        if (!possible.contains(use)
                || (ceiling.isPresent() && !ceiling.get().uses().contains(use))) {
            throw Refusal.INVALID_REQUEST.because("token-use");
        }
        return use;
    }

    private static Set<String> scopes(
            TokenParameters asked, ClientRegistration client, Optional<Ceiling> ceiling, TokenUse use) {
        Set<String> scopes = asked.scopes();
        if (scopes.isEmpty() || !client.scopes().containsAll(scopes)) {
            throw Refusal.INVALID_SCOPE.because("scope");
        }
        if (ceiling.isPresent() && !ceiling.get().scopes().containsAll(scopes)) {
            throw Refusal.INVALID_SCOPE.because("exchange-wider-scope");
        }
        boolean fits = switch (use) {
            // What administers carries no data, and what carries data does not administer.
            case ADMIN -> scopes.stream().allMatch(scope -> scope.startsWith(ADMIN_SCOPES));
            case PUBLISH -> scopes.equals(Set.of("topic:publish"));
            case SUBSCRIBE -> scopes.equals(Set.of("topic:subscribe"));
            case INFERENCE, SESSION, CAPABILITY, TOOL ->
                scopes.stream().noneMatch(scope -> scope.startsWith(ADMIN_SCOPES));
        };
        if (!fits) {
            throw Refusal.INVALID_SCOPE.because("scope-of-another-use");
        }
        return scopes;
    }

    /// What narrows the client and what is exchanged always holds; what is asked for must lie within it and replaces
    /// what it narrows.
    private static List<AuthorizationDetail> details(
            TokenParameters asked, ClientRegistration client, Optional<Ceiling> ceiling) {
        List<AuthorizationDetail> most = new ArrayList<>(client.policy().details());
        ceiling.ifPresent(limit -> most.addAll(limit.details()));
        for (AuthorizationDetail one : asked.details()) {
            boolean within = most.stream()
                    .filter(limit -> limit.getClass().equals(one.getClass()))
                    .allMatch(limit -> limit.covers(one));
            if (!within) {
                throw Refusal.INVALID_AUTHORIZATION_DETAILS.because("details-wider");
            }
        }
        List<AuthorizationDetail> details = new ArrayList<>(asked.details());
        for (AuthorizationDetail limit : most) {
            boolean narrowed =
                    asked.details().stream().anyMatch(one -> limit.getClass().equals(one.getClass()));
            if (!narrowed && !details.contains(limit)) {
                details.add(limit);
            }
        }
        if (details.size() > AuthorizationDetail.MAX_DETAILS) {
            throw Refusal.INVALID_AUTHORIZATION_DETAILS.because("details-too-many");
        }
        return details;
    }

    /// No role means what the registration grants, so none left is not what two disjoint sets may come to.
    private static Set<String> roles(ClientRegistration client, Optional<Ceiling> ceiling) {
        Set<String> own = client.policy().roles();
        Set<String> inherited = ceiling.map(Ceiling::roles).orElse(Set.of());
        if (inherited.isEmpty() || own.isEmpty()) {
            return own.isEmpty() ? inherited : own;
        }
        Set<String> common = new TreeSet<>(own);
        common.retainAll(inherited);
        if (common.isEmpty()) {
            throw Refusal.UNAUTHORIZED_CLIENT.because("exchange-no-common-role");
        }
        return common;
    }

    /// Nobody is cleared for more by having somebody else exchange the token.
    private static Sensitivity clearance(ClientRegistration client, Optional<Ceiling> ceiling) {
        Sensitivity own = client.policy().sensitivityClearance();
        Sensitivity inherited = ceiling.flatMap(Ceiling::clearance).orElse(own);
        return inherited.compareTo(own) < 0 ? inherited : own;
    }

    /// Two blocks are nested or disjoint, so that what two lists have in common is the narrower ones.
    private static List<IpRange> networks(ClientRegistration client, Optional<Ceiling> ceiling) {
        List<IpRange> own = client.policy().networks();
        List<IpRange> inherited = ceiling.map(Ceiling::networks).orElse(List.of());
        if (inherited.isEmpty() || own.isEmpty()) {
            return own.isEmpty() ? inherited : own;
        }
        List<IpRange> common = new ArrayList<>();
        for (IpRange one : own) {
            for (IpRange other : inherited) {
                if (one.covers(other) && !common.contains(other)) {
                    common.add(other);
                } else if (other.covers(one) && !common.contains(one)) {
                    common.add(one);
                }
            }
        }
        if (common.isEmpty() || common.size() > own.size() + inherited.size()) {
            throw Refusal.UNAUTHORIZED_CLIENT.because("exchange-no-common-network");
        }
        return common;
    }

    /// A capability is for one purpose: something its details narrow it to, or a single scope.
    private static OptionalInt uses(
            TokenParameters asked, TokenUse use, Set<String> scopes, List<AuthorizationDetail> details) {
        if (use != TokenUse.CAPABILITY) {
            if (asked.uses().isPresent()) {
                throw Refusal.INVALID_REQUEST.because("uses-without-capability");
            }
            return OptionalInt.empty();
        }
        if (asked.uses().isEmpty()) {
            throw Refusal.INVALID_REQUEST.because("capability-without-uses");
        }
        if (scopes.size() != 1 && details.isEmpty()) {
            throw Refusal.INVALID_SCOPE.because("capability-without-purpose");
        }
        return asked.uses();
    }

    private static Duration lifetime(
            TokenParameters asked,
            ClientRegistration client,
            Optional<Ceiling> ceiling,
            Duration longest,
            Instant now) {
        Duration lifetime = shorter(longest, client.policy().tokenLifetime());
        lifetime = shorter(lifetime, asked.lifetime().orElse(lifetime));
        Optional<Instant> until = ceiling.flatMap(Ceiling::until);
        if (until.isPresent()) {
            lifetime = shorter(lifetime, Duration.between(now, until.get()).truncatedTo(ChronoUnit.SECONDS));
        }
        if (!lifetime.isPositive()) {
            throw Refusal.INVALID_REQUEST.because("subject-expired");
        }
        return lifetime;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}

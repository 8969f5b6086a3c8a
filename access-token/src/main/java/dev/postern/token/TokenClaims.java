package dev.postern.token;

import dev.postern.token.AccessToken.Binding;
import dev.postern.token.TokenRejected.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// The claims of an access token that take more than a look.
final class TokenClaims {

    private static final int MAX_ACTORS = 8;
    private static final int MAX_NETWORKS = 32;
    private static final int MAX_USES = 1_000_000;

    private TokenClaims() {}

    static Set<String> scopes(Claims claims) throws TokenRejected {
        Set<String> scopes = new LinkedHashSet<>(
                Arrays.asList(claims.optionalText("scope").orElse("").split(" ", -1)));
        scopes.remove("");
        return scopes;
    }

    /// Nearest actor first (RFC 8693 section 4.1).
    static List<String> actors(Claims claims) throws TokenRejected {
        List<String> actors = new ArrayList<>();
        Optional<Claims> actor = claims.optionalObject("act");
        while (actor.isPresent()) {
            if (actors.size() == MAX_ACTORS) {
                throw new TokenRejected(Reason.MALFORMED);
            }
            actors.add(actor.get().text("sub"));
            actor = actor.get().optionalObject("act");
        }
        return actors;
    }

    static Binding binding(Claims claims) throws TokenRejected {
        Optional<Claims> confirmation = claims.optionalObject("cnf");
        Binding binding =
                new Binding(confirmed(confirmation, "jkt"), confirmed(confirmation, "x5t#S256"), networks(claims));
        boolean bound = binding.dpopThumbprint().isPresent()
                || binding.certificateThumbprint().isPresent();
        if (confirmation.isPresent() && !bound) {
            // Bound in a way that is not understood: it must not pass for an unbound one.
            throw new TokenRejected(Reason.WRONG_BINDING);
        }
        return binding;
    }

    private static Optional<String> confirmed(Optional<Claims> confirmation, String method) throws TokenRejected {
        return confirmation.isEmpty() ? Optional.empty() : confirmation.get().optionalText(method);
    }

    private static List<IpRange> networks(Claims claims) throws TokenRejected {
        if (!claims.has("net")) {
            return List.of();
        }
        Set<String> texts = claims.texts("net");
        if (texts.isEmpty() || texts.size() > MAX_NETWORKS) {
            throw new TokenRejected(Reason.MALFORMED);
        }
        try {
            return texts.stream().map(IpRange::parse).toList();
        } catch (IllegalArgumentException _) {
            throw new TokenRejected(Reason.MALFORMED);
        }
    }

    /// A capability is counted, and nothing else is.
    static OptionalInt uses(Claims claims, TokenUse use) throws TokenRejected {
        if (claims.has("uses") != (use == TokenUse.CAPABILITY)) {
            throw new TokenRejected(Reason.WRONG_USE);
        }
        return claims.has("uses") ? OptionalInt.of((int) claims.number("uses", MAX_USES)) : OptionalInt.empty();
    }
}

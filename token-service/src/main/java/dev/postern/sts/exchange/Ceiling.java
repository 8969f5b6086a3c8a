package dev.postern.sts.exchange;

import dev.postern.sts.client.ClientPolicy.Sensitivity;
import dev.postern.token.AuthorizationDetail;
import dev.postern.token.IpRange;
import dev.postern.token.TokenUse;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Whom a token is for, and the most it may carry because of where that comes from. What comes out is never wider.
///
/// @param subject `sub`
/// @param tenant whose data it is about
/// @param actors `act`, nearest first
/// @param roles of the subject token; empty for those of the client
/// @param networks the token is good from; empty for any
/// @param details that narrow it
/// @param clearance for the most sensitive data; empty for that of the client
/// @param bound whether what comes out must be bound to a key or certificate
/// @param until it may live at most
/// @param sessionId inherited; empty for a new one
/// @param subjectTokenId for the record
public record Ceiling(
        String subject,
        String tenant,
        List<String> actors,
        Set<String> scopes,
        Set<String> audiences,
        Set<TokenUse> uses,
        Set<String> roles,
        List<IpRange> networks,
        List<AuthorizationDetail> details,
        Optional<Sensitivity> clearance,
        boolean bound,
        Optional<Instant> until,
        Optional<String> sessionId,
        Optional<String> subjectTokenId) {

    /// More actors than verification takes.
    public static final int MAX_ACTORS = 8;

    public Ceiling {
        actors = List.copyOf(actors);
        scopes = Set.copyOf(scopes);
        audiences = Set.copyOf(audiences);
        uses = Set.copyOf(uses);
        roles = Set.copyOf(roles);
        networks = List.copyOf(networks);
        details = List.copyOf(details);
    }
}

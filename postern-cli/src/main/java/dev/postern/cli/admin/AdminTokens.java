package dev.postern.cli.admin;

import dev.postern.cli.home.ClientKeys;
import dev.postern.cli.token.BoundToken;
import dev.postern.cli.token.IssuedToken;
import dev.postern.cli.token.TokenClient;
import dev.postern.cli.token.TokenRequest;
import dev.postern.session.ProofKey;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/// One client's admin tokens, bound to a key that exists in this process only; nothing is written down. For one
/// thread.
final class AdminTokens {
    /// A token this close to its end is not used any more.
    private static final int MARGIN_SECONDS = 20;

    private final TokenClient tokens;
    private final ClientKeys client;
    private final ProofKey key;
    private final Clock clock;
    private final Map<String, Held> held = new HashMap<>();

    private record Held(IssuedToken issued, BoundToken bound) {}

    AdminTokens(TokenClient tokens, ClientKeys client, ProofKey key, Clock clock) {
        this.tokens = tokens;
        this.client = client;
        this.key = key;
        this.clock = clock;
    }

    BoundToken withScope(String scope) throws InterruptedException {
        Held current = held.get(scope);
        if (current == null
                || current.issued().expires().minusSeconds(MARGIN_SECONDS).isBefore(clock.instant())) {
            IssuedToken issued = tokens.issue(
                    TokenRequest.of(client, scope, TokenRequest.ADMIN).boundTo(key));
            current = new Held(issued, new BoundToken(issued.token(), key, clock));
            held.put(scope, current);
        }
        return current.bound();
    }

    /// The compact token, to show what it says.
    String compact(String scope) throws InterruptedException {
        withScope(scope);
        Held current = held.get(scope);
        return current == null ? "" : current.issued().token();
    }
}

package dev.postern.gateway.anomaly;

import dev.postern.gateway.policy.RegionOf;
import dev.postern.policy.anomaly.Behaviours;
import dev.postern.policy.anomaly.Origin;
import dev.postern.token.AccessToken;
import java.net.InetAddress;
import java.time.Clock;
import java.util.Optional;

/// Where the edge says what it saw of a client. Never waits; safe for any thread.
public final class Observations {

    private final Behaviours behaviours;
    private final RegionOf regions;
    private final Clock clock;

    Observations(Behaviours behaviours, RegionOf regions, Clock clock) {
        this.behaviours = behaviours;
        this.regions = regions;
        this.clock = clock;
    }

    /// A request whose token was verified.
    public void request(AccessToken token, Optional<InetAddress> address) {
        behaviours.request(origin(token), address.map(regions::of).orElse(RegionOf.UNKNOWN), clock.millis());
    }

    /// What an answer used, tokens in and out together, once it is known.
    public void modelTokens(AccessToken token, long used) {
        behaviours.modelTokens(origin(token), used, clock.millis());
    }

    private static Origin origin(AccessToken token) {
        return new Origin(token.tenant(), token.clientId(), token.sessionId(), token.tokenId());
    }
}

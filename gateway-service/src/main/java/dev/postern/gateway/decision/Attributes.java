package dev.postern.gateway.decision;

import dev.postern.gateway.access.Caller;
import dev.postern.gateway.admission.QuotaView;
import dev.postern.gateway.policy.AnomalyScores;
import dev.postern.gateway.policy.RegionOf;
import dev.postern.policy.Facts;
import dev.postern.token.AccessToken;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/// Turns what is known of a request into the facts that policy reads. Never waits.
final class Attributes {
    private final RegionOf regions;
    private final AnomalyScores anomalies;
    private final QuotaView quotas;
    private final Clock clock;

    Attributes(RegionOf regions, AnomalyScores anomalies, QuotaView quotas, Clock clock) {
        this.regions = regions;
        this.anomalies = anomalies;
        this.quotas = quotas;
        this.clock = clock;
    }

    /// What the caller has left as its request begins, before it takes anything itself.
    Facts.Quota quotaOf(Caller caller) {
        return quotas.left(caller.token().tenant(), caller.token().clientId());
    }

    /// As of now; asked again, time, anomaly and region may have changed.
    ///
    /// @param atBeginning of the request, also when it is asked again: what it took since is no reason to end it
    Facts of(Caller caller, Asked asked, Facts.Quota atBeginning) {
        AccessToken token = caller.token();
        Instant now = clock.instant();
        return new Facts(
                Facts.Client.of(token),
                Facts.Token.of(token, now),
                request(asked, caller.address()),
                atBeginning,
                anomaly(token),
                now);
    }

    private Facts.Request request(Asked asked, Optional<InetAddress> address) {
        return new Facts.Request(
                asked.model(),
                asked.operation().policyName(),
                "",
                asked.labels().latencyClass(),
                asked.labels().sensitivity(),
                address.map(InetAddress::getHostAddress).orElse(""),
                address.map(regions::of).orElse(RegionOf.UNKNOWN),
                asked.streamed());
    }

    private Facts.Anomaly anomaly(AccessToken token) {
        return anomalies.of(new AnomalyScores.Client(token.tenant(), token.clientId()));
    }
}

package dev.postern.chassis.identity;

import dev.postern.identity.IdentityDocument;
import dev.postern.identity.IdentityUnavailable;
import dev.postern.identity.PeerSighting;
import dev.postern.identity.WorkloadIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/// `/actuator/identity`: which certificate this service shows, and which its peers have shown it. Posting to it renews
/// the certificate, and can do nothing else. Serials are public: every handshake has them.
@Endpoint(id = "identity")
public final class IdentityEndpoint {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    /// What is in force.
    ///
    /// @param peers by SPIFFE id
    public record View(
            String id,
            String serial,
            Instant notAfter,
            long renewals,
            boolean spare,
            int denied,
            Map<String, Peer> peers) {}

    /// The latest certificate of a peer.
    public record Peer(String serial, Instant seen) {
        static Peer of(PeerSighting sighting) {
            return new Peer(sighting.serial().toString(16), sighting.first());
        }
    }

    private final WorkloadIdentity identity;

    IdentityEndpoint(WorkloadIdentity identity) {
        this.identity = identity;
    }

    @ReadOperation
    public View view() {
        IdentityDocument current = identity.current();
        Map<String, Peer> peers = new TreeMap<>();
        identity.peers().forEach((id, sighting) -> peers.put(id.toString(), Peer.of(sighting)));
        return new View(
                current.spiffeId().toString(),
                current.leaf().getSerialNumber().toString(16),
                current.notAfter(),
                identity.renewals(),
                identity.hasSpare(),
                identity.deniedCertificates(),
                peers);
    }

    /// Renews now. The old certificate stays when that fails.
    @WriteOperation
    public WebEndpointResponse<Object> renew() {
        try {
            var _ = identity.renewNow().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return new WebEndpointResponse<>(view());
        } catch (ExecutionException failed) {
            return unavailable(
                    failed.getCause() instanceof IdentityUnavailable unavailable
                            ? unavailable
                                    .reason()
                                    .name()
                                    .toLowerCase(Locale.ROOT)
                                    .replace('_', '-')
                            : "failed");
        } catch (TimeoutException _) {
            return unavailable("timeout");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return unavailable("interrupted");
        }
    }

    private static WebEndpointResponse<Object> unavailable(String reason) {
        return new WebEndpointResponse<>(Map.of("reason", reason), WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE);
    }
}

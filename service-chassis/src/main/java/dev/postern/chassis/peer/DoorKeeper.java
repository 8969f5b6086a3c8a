package dev.postern.chassis.peer;

import dev.postern.identity.WorkloadIdentity;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/// Asks the matrix before any controller is reached. What a controller asks on top may only be stricter.
final class DoorKeeper implements HandlerInterceptor {
    private final Workload self;
    private final WorkloadIdentity identity;
    private final PeerIdentities peers;

    DoorKeeper(Workload self, WorkloadIdentity identity, PeerIdentities peers) {
        this.self = self;
        this.identity = identity;
        this.peers = peers;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        Optional<Door> door = Door.inFrontOf(self, request.getMethod(), String.valueOf(pattern));
        if (door.isPresent()) {
            var _ = peers.require(request, door.get());
            if (request.getAttribute(PeerIdentities.CERTIFICATES) instanceof X509Certificate[] chain) {
                identity.saw(chain[0]);
            }
        }
        return true;
    }
}

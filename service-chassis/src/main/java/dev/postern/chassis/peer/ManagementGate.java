package dev.postern.chassis.peer;

import dev.postern.chassis.problem.ProblemException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.springframework.web.filter.OncePerRequestFilter;

/// The door of a management port: the operator and the monitor may read, the operator alone may change anything.
final class ManagementGate extends OncePerRequestFilter {
    private static final Set<String> READING = Set.of("GET", "HEAD");

    private final Door door;
    private final PeerIdentities peers;

    ManagementGate(Workload self, PeerIdentities peers) {
        this.door = Door.ofManagement(self);
        this.peers = peers;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            if (READING.contains(request.getMethod())) {
                var _ = peers.require(request, door);
            } else {
                var _ = peers.require(request, Set.of(Workload.OPERATOR.workloadName()));
            }
        } catch (ProblemException refusal) {
            response.sendError(refusal.problem().status());
            return;
        }
        chain.doFilter(request, response);
    }
}

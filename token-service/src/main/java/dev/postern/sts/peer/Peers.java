package dev.postern.sts.peer;

import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Which service of the platform is at the other end. The listener takes any certificate in the handshake, so the chain
/// is verified here, against the platform's anchors, for each request.
public final class Peers {

    /// A service and its identity.
    public record Peer(String service, URI identity) {}

    private final Function<HttpServletRequest, Optional<Peer>> verified;

    /// Peers by a verification of their certificates.
    ///
    /// @param verified the service whose certificate the request came with, once its chain holds
    public Peers(Function<HttpServletRequest, Optional<Peer>> verified) {
        this.verified = verified;
    }

    /// One of the named services.
    ///
    /// @throws ProblemException 401 without a certificate of the platform, 403 with another service's
    public URI require(HttpServletRequest request, Set<String> services) {
        Peer peer = requireService(request);
        if (!services.contains(peer.service())) {
            throw new ProblemException(Problem.PEER_NOT_ALLOWED);
        }
        return peer.identity();
    }

    /// Any service of the platform.
    ///
    /// @throws ProblemException 401 without a certificate of the platform
    public Peer requireService(HttpServletRequest request) {
        return verified.apply(request).orElseThrow(() -> new ProblemException(Problem.CLIENT_CERTIFICATE_REQUIRED));
    }
}

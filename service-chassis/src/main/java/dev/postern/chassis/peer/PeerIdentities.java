package dev.postern.chassis.peer;

import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.identity.PeerIdentity;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// The SPIFFE id of the caller, as TLS proved it. Headers are never looked at.
public final class PeerIdentities {
    static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";

    private final String trustDomain;
    private final Clock clock;
    private final Predicate<List<X509Certificate>> believed;

    /// For a listener that takes certificates of the platform only.
    public PeerIdentities(String trustDomain, Clock clock) {
        this(trustDomain, clock, _ -> true);
    }

    /// For a listener that takes others too.
    ///
    /// @param believed whether a chain, leaf first, leads to an anchor of the platform
    public PeerIdentities(String trustDomain, Clock clock, Predicate<List<X509Certificate>> believed) {
        this.trustDomain = trustDomain;
        this.clock = clock;
        this.believed = believed;
    }

    /// The peer's id, or empty where the connection carries no client certificate that is still valid: a connection or
    /// a resumed TLS session may outlive the certificate that it was made with.
    public Optional<URI> of(HttpServletRequest request) {
        return request.getAttribute(CERTIFICATES) instanceof X509Certificate[] chain
                        && chain.length > 0
                        && clock.instant().isBefore(chain[0].getNotAfter().toInstant())
                        && believed.test(List.of(chain))
                ? PeerIdentity.of(chain[0])
                : Optional.empty();
    }

    /// The peer's id, when the matrix lets it in.
    ///
    /// @throws ProblemException 401 without a certificate, 403 with another's
    public URI require(HttpServletRequest request, Door door) {
        return require(request, door.paths());
    }

    /// The peer's id, when it is one of the named services or operators of this trust domain.
    ///
    /// @param allowed paths below the trust domain, such as `service/token-service`
    /// @throws ProblemException 401 without a certificate, 403 with another's
    public URI require(HttpServletRequest request, Set<String> allowed) {
        URI peer = of(request).orElseThrow(() -> new ProblemException(Problem.CLIENT_CERTIFICATE_REQUIRED));
        boolean known = allowed.stream().anyMatch(path -> peer.equals(id(path)));
        if (!known) {
            throw new ProblemException(Problem.PEER_NOT_ALLOWED);
        }
        return peer;
    }

    /// `spiffe://<trust domain>/<path>`.
    public URI id(String path) {
        return URI.create("spiffe://" + trustDomain + "/" + path);
    }
}

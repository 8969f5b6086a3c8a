package dev.postern.chassis.peer;

import dev.postern.identity.WorkloadIdentity;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.tomcat.util.net.SSLSupport;
import org.springframework.web.filter.OncePerRequestFilter;

/// Keeps Tomcat's connections younger than the certificates that they were made with.
///
/// Tomcat goes on with a connection, and resumes sessions, whatever has become of the certificates; so each request
/// looks. A denied caller is refused. When our own certificate has been replaced, or the caller's is so old that it
/// will have been, this answer is the connection's last: the caller's next request makes a new one, and none fails. A
/// connection without requests ends by itself after ten seconds.
final class ConnectionCare extends OncePerRequestFilter {
    private final WorkloadIdentity identity;
    private final Clock clock;

    ConnectionCare(WorkloadIdentity identity, Clock clock) {
        this.identity = identity;
        this.clock = clock;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Optional<X509Certificate> peer = peer(request);
        if (peer.filter(identity::denies).isPresent()) {
            response.setHeader("Connection", "close");
            response.sendError(HttpServletResponse.SC_UNAUTHORIZED);
            return;
        }
        if (peer.filter(this::isOld).isPresent() || isReplaced(request)) {
            response.setHeader("Connection", "close");
        }
        chain.doFilter(request, response);
    }

    private static Optional<X509Certificate> peer(HttpServletRequest request) {
        return request.getAttribute(PeerIdentities.CERTIFICATES) instanceof X509Certificate[] chain && chain.length > 0
                ? Optional.of(chain[0])
                : Optional.empty();
    }

    /// Its owner renews at half its life; from three quarters on, a connection under it is one too long.
    private boolean isOld(X509Certificate leaf) {
        Instant notBefore = leaf.getNotBefore().toInstant();
        Duration life = Duration.between(notBefore, leaf.getNotAfter().toInstant());
        return clock.instant().isAfter(notBefore.plus(life.multipliedBy(3).dividedBy(4)));
    }

    private boolean isReplaced(HttpServletRequest request) {
        if (!(request.getAttribute(SSLSupport.SESSION_MGR) instanceof SSLSupport tls)) {
            return false;
        }
        X509Certificate[] own = tls.getLocalCertificateChain();
        return own != null
                && own.length > 0
                && !own[0].equals(identity.current().leaf());
    }
}

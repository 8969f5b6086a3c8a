package dev.postern.gateway.management;

import dev.postern.chassis.peer.Door;
import dev.postern.chassis.peer.Workload;
import dev.postern.identity.PeerIdentity;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import org.springframework.core.Ordered;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.SslInfo;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/// Whom the peer matrix lets onto the management port: the operator and the monitor may read, the operator alone may
/// change anything. TLS has verified the chain; a denied or expired certificate is nobody's.
final class ManagementGate implements WebFilter, Ordered {
    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    private final WorkloadIdentity identity;
    private final TrustDomain domain;
    private final Clock clock;

    ManagementGate(WorkloadIdentity identity, Clock clock) {
        this.identity = identity;
        this.domain = new TrustDomain(identity.current().spiffeId().getAuthority());
        this.clock = clock;
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        Optional<URI> peer = peer(exchange.getRequest());
        if (peer.filter(id -> isAdmitted(id, exchange.getRequest().getMethod())).isPresent()) {
            return chain.filter(exchange);
        }
        exchange.getResponse().setStatusCode(peer.isEmpty() ? HttpStatus.UNAUTHORIZED : HttpStatus.FORBIDDEN);
        exchange.getResponse().getHeaders().setConnection("close");
        return exchange.getResponse().setComplete();
    }

    private boolean isAdmitted(URI peer, HttpMethod method) {
        return READING.contains(method)
                ? Door.GATEWAY_MANAGEMENT.admits(domain, peer)
                : peer.equals(Workload.OPERATOR.id(domain));
    }

    private Optional<URI> peer(ServerHttpRequest request) {
        SslInfo tls = request.getSslInfo();
        X509Certificate[] chain = tls == null ? null : tls.getPeerCertificates();
        return chain == null
                        || chain.length == 0
                        || identity.denies(chain[0])
                        || !clock.instant().isBefore(chain[0].getNotAfter().toInstant())
                ? Optional.empty()
                : PeerIdentity.of(chain[0]);
    }
}

package dev.postern.redacting.wire;

import dev.postern.audit.AuditTrail;
import dev.postern.audit.RequestRejected;
import dev.postern.identity.PeerIdentity;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// Lets one identity in and nobody else. TLS has already verified the chain; here its name is compared.
final class RelayOnly implements ServerInterceptor {
    private final URI peer;
    private final AuditTrail trail;

    RelayOnly(URI peer, AuditTrail trail) {
        this.peer = peer;
        this.trail = trail;
    }

    @Override
    public <Q, P> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, P> call, Metadata headers, ServerCallHandler<Q, P> next) {
        if (identity(call).filter(peer::equals).isPresent()) {
            return next.startCall(call, headers);
        }
        var _ = trail.record(new RequestRejected(
                "peer-not-allowed",
                call.getMethodDescriptor().getFullMethodName(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                403,
                1));
        call.close(Status.PERMISSION_DENIED.withDescription("peer-not-allowed"), new Metadata());
        return new ServerCall.Listener<>() {};
    }

    private static Optional<URI> identity(ServerCall<?, ?> call) {
        @Nullable SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        try {
            return session != null && session.getPeerCertificates()[0] instanceof X509Certificate leaf
                    ? PeerIdentity.of(leaf)
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException _) {
            return Optional.empty();
        }
    }
}

package dev.postern.redacting.wire;

import dev.postern.audit.AuditTrail;
import dev.postern.audit.RequestRejected;
import dev.postern.chassis.peer.Door;
import dev.postern.identity.PeerIdentity;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/// Lets in whom the peer matrix names, and nobody else. TLS has already verified the chain; here its name is compared.
///
/// A call ends before the certificates of its connection do, and when the caller's is denied: gRPC gives no hold on the
/// connection itself, which closes when it is idle.
final class RelayOnly implements ServerInterceptor {
    private final Set<URI> admitted;
    private final WorkloadIdentity identity;
    private final AuditTrail trail;

    RelayOnly(WorkloadIdentity identity, AuditTrail trail) {
        TrustDomain domain = new TrustDomain(identity.current().spiffeId().getAuthority());
        this.admitted = Door.REDACTION_STREAM.ids(domain);
        this.identity = identity;
        this.trail = trail;
    }

    @Override
    public <Q, P> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, P> call, Metadata headers, ServerCallHandler<Q, P> next) {
        SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        if (session != null && leaf(session).filter(this::isAdmitted).isPresent()) {
            return certified(call, session, next.startCall(call, headers));
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

    private boolean isAdmitted(X509Certificate leaf) {
        return !identity.denies(leaf)
                && PeerIdentity.of(leaf).filter(admitted::contains).isPresent();
    }

    private static Optional<X509Certificate> leaf(SSLSession session) {
        try {
            return session.getPeerCertificates()[0] instanceof X509Certificate leaf
                    ? Optional.of(leaf)
                    : Optional.empty();
        } catch (SSLPeerUnverifiedException _) {
            return Optional.empty();
        }
    }

    private <Q, P> ServerCall.Listener<Q> certified(
            ServerCall<Q, P> call, SSLSession session, ServerCall.Listener<Q> listener) {
        Runnable forget = identity.connections().add(session, () -> end(call));
        return new SimpleForwardingServerCallListener<>(listener) {
            @Override
            public void onCancel() {
                forget.run();
                super.onCancel();
            }

            @Override
            public void onComplete() {
                forget.run();
                super.onComplete();
            }
        };
    }

    /// Resets the stream: the peer hears it at once, and what runs here is cancelled.
    private static void end(ServerCall<?, ?> call) {
        try {
            call.close(Status.UNAVAILABLE.withDescription("certificate-ended"), new Metadata());
        } catch (IllegalStateException _) {
            // Over already.
        }
    }
}

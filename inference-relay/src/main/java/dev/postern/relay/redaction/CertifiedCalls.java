package dev.postern.relay.redaction;

import dev.postern.identity.CertifiedConnections;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.function.Consumer;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/// Binds a call to the certificates of the connection that carries it: gRPC gives no hold on the connection itself.
final class CertifiedCalls implements ClientInterceptor {
    private final CertifiedConnections connections;
    private final Consumer<String> end;

    /// @param end of the call, with a reason
    CertifiedCalls(CertifiedConnections connections, Consumer<String> end) {
        this.connections = connections;
        this.end = end;
    }

    @Override
    public <Q, P> ClientCall<Q, P> interceptCall(MethodDescriptor<Q, P> method, CallOptions options, Channel next) {
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<P> listener, Metadata headers) {
                super.start(new Certified<>(listener, delegate()), headers);
            }
        };
    }

    private final class Certified<P> extends SimpleForwardingClientCallListener<P> {
        private final ClientCall<?, ?> call;
        /// gRPC calls a listener from one thread at a time.
        private @Nullable Runnable forget;

        Certified(ClientCall.Listener<P> listener, ClientCall<?, ?> call) {
            super(listener);
            this.call = call;
        }

        @Override
        public void onReady() {
            SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
            if (session != null && forget == null) {
                forget = connections.add(session, () -> end.accept("the certificate ends"));
            }
            super.onReady();
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            if (forget != null) {
                forget.run();
            }
            super.onClose(status, trailers);
        }
    }
}

package dev.postern.chassis.tls;

import dev.postern.identity.WorkloadIdentity;
import io.netty.channel.Channel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.net.URI;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/// Mutual TLS 1.3 of a Netty server or client, whichever library it is in.
///
/// Guarantee: handshakes show the certificate in force and resume nothing from before it; a connection is closed before
/// its certificates run out, and when its peer's is denied. The JDK's provider, because it asks the live managers at
/// each handshake.
public final class CertifiedSslContext extends DelegatingSslContext {
    private static final String[] PROTOCOLS = {"TLSv1.3"};

    private final WorkloadIdentity identity;

    private CertifiedSslContext(SslContext context, WorkloadIdentity identity) {
        super(context);
        this.identity = identity;
    }

    /// For a listener: a certificate of the platform is required. Whose it must be is for the listener to ask.
    public static SslContext server(WorkloadIdentity identity, ApplicationProtocolConfig protocols) {
        return new CertifiedSslContext(jdk(identity.sslContext(), false, protocols, ClientAuth.REQUIRE), identity);
    }

    /// For connections to one server.
    public static SslContext client(WorkloadIdentity identity, URI server, ApplicationProtocolConfig protocols) {
        return new CertifiedSslContext(jdk(identity.sslContext(server), true, protocols, ClientAuth.NONE), identity);
    }

    private static SslContext jdk(
            SSLContext context, boolean client, ApplicationProtocolConfig protocols, ClientAuth auth) {
        return new JdkSslContext(
                context, client, null, IdentityCipherSuiteFilter.INSTANCE, protocols, auth, PROTOCOLS, false);
    }

    @Override
    protected void initEngine(SSLEngine engine) {
        if (isClient()) {
            SSLParameters parameters = engine.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            engine.setSSLParameters(parameters);
        }
    }

    @Override
    protected void initHandler(SslHandler handler) {
        initEngine(handler.engine());
        var _ = handler.handshakeFuture().addListener(done -> {
            if (done.isSuccess()) {
                add(handler.handshakeFuture().getNow(), handler.engine());
            }
        });
    }

    private void add(Channel channel, SSLEngine engine) {
        Runnable forget = identity.connections().add(engine.getSession(), () -> {
            var _ = channel.close();
        });
        var _ = channel.closeFuture().addListener(_ -> forget.run());
    }
}

package dev.postern.identity;

import java.security.GeneralSecurityException;
import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/// An `SSLContext` that speaks TLS 1.3 and nothing older, whoever uses it. The JDK's context of that name also
/// offers TLS 1.2.
///
/// [#startAnew] drops every session and ticket: the JDK cannot take back a ticket, but a context that is new knows none
/// of the old. Who holds this context notices nothing.
final class Tls13 extends SSLContext {
    static final String PROTOCOL = "TLSv1.3";

    private final Spi spi;

    private Tls13(Spi spi, SSLContext first) {
        super(spi, first.getProvider(), PROTOCOL);
        this.spi = spi;
    }

    static Tls13 context(KeyManager @Nullable [] keys, TrustManager trust, SecureRandom random) {
        Supplier<SSLContext> fresh = () -> fresh(keys, trust, random);
        SSLContext first = fresh.get();
        return new Tls13(new Spi(fresh, first), first);
    }

    private static SSLContext fresh(KeyManager @Nullable [] keys, TrustManager trust, SecureRandom random) {
        try {
            SSLContext context = SSLContext.getInstance(PROTOCOL);
            context.init(keys, new TrustManager[] {trust}, random);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS 1.3", e);
        }
    }

    /// From now on nothing is resumed that began before, and what begins may be resumed for this long.
    void startAnew(int sessionSeconds) {
        SSLContext next = spi.fresh.get();
        next.getServerSessionContext().setSessionTimeout(sessionSeconds);
        next.getClientSessionContext().setSessionTimeout(sessionSeconds);
        spi.context = next;
    }

    static SSLParameters only13(SSLParameters parameters) {
        parameters.setProtocols(new String[] {PROTOCOL});
        parameters.setCipherSuites(Arrays.stream(parameters.getCipherSuites())
                .filter(suite -> suite.startsWith("TLS_AES_") || suite.startsWith("TLS_CHACHA20_"))
                .toArray(String[]::new));
        return parameters;
    }

    private static final class Spi extends SSLContextSpi {
        private final Supplier<SSLContext> fresh;
        private volatile SSLContext context;

        Spi(Supplier<SSLContext> fresh, SSLContext first) {
            this.fresh = fresh;
            this.context = first;
        }

        @Override
        protected void engineInit(
                KeyManager @Nullable [] keys, TrustManager @Nullable [] trust, @Nullable SecureRandom random)
                throws KeyManagementException {
            throw new KeyManagementException("this context is ready and cannot be initialised again");
        }

        @Override
        protected SSLSocketFactory engineGetSocketFactory() {
            return new Tls13Sockets(context.getSocketFactory());
        }

        @Override
        protected SSLServerSocketFactory engineGetServerSocketFactory() {
            return new Tls13ServerSockets(context.getServerSocketFactory());
        }

        @Override
        protected SSLEngine engineCreateSSLEngine() {
            return restricted(context.createSSLEngine());
        }

        @Override
        protected SSLEngine engineCreateSSLEngine(String host, int port) {
            return restricted(context.createSSLEngine(host, port));
        }

        private static SSLEngine restricted(SSLEngine engine) {
            engine.setSSLParameters(only13(engine.getSSLParameters()));
            return engine;
        }

        @Override
        protected SSLSessionContext engineGetServerSessionContext() {
            return context.getServerSessionContext();
        }

        @Override
        protected SSLSessionContext engineGetClientSessionContext() {
            return context.getClientSessionContext();
        }

        @Override
        protected SSLParameters engineGetDefaultSSLParameters() {
            return only13(context.getDefaultSSLParameters());
        }

        @Override
        protected SSLParameters engineGetSupportedSSLParameters() {
            return only13(context.getSupportedSSLParameters());
        }
    }
}

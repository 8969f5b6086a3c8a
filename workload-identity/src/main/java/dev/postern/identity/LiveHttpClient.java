package dev.postern.identity;

import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/// An HTTP client whose pool of connections begins anew at each renewal, so that a request after a renewal shows the
/// new certificate.
///
/// A client that was replaced is not shut down: a request that has just been given to it goes through. Its idle
/// connections are closed by the JDK once nobody holds it any more, and by the server's own limit.
final class LiveHttpClient extends HttpClient {
    private final Supplier<HttpClient> fresh;
    private volatile HttpClient current;
    private volatile boolean closed;

    LiveHttpClient(Supplier<HttpClient> fresh) {
        this.fresh = fresh;
        this.current = fresh.get();
    }

    boolean isClosed() {
        return closed;
    }

    void startAnew() {
        if (!closed) {
            current = fresh.get();
        }
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
            throws IOException, InterruptedException {
        return current.send(request, handler);
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, BodyHandler<T> handler) {
        return current.sendAsync(request, handler);
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request, BodyHandler<T> handler, PushPromiseHandler<T> pushes) {
        return current.sendAsync(request, handler, pushes);
    }

    @Override
    public WebSocket.Builder newWebSocketBuilder() {
        return current.newWebSocketBuilder();
    }

    @Override
    public void shutdown() {
        closed = true;
        current.shutdown();
    }

    @Override
    public void shutdownNow() {
        closed = true;
        current.shutdownNow();
    }

    @Override
    public boolean awaitTermination(Duration duration) throws InterruptedException {
        return current.awaitTermination(duration);
    }

    @Override
    public boolean isTerminated() {
        return current.isTerminated();
    }

    @Override
    public Optional<CookieHandler> cookieHandler() {
        return current.cookieHandler();
    }

    @Override
    public Optional<Duration> connectTimeout() {
        return current.connectTimeout();
    }

    @Override
    public Redirect followRedirects() {
        return current.followRedirects();
    }

    @Override
    public Optional<ProxySelector> proxy() {
        return current.proxy();
    }

    @Override
    public SSLContext sslContext() {
        return current.sslContext();
    }

    @Override
    public SSLParameters sslParameters() {
        return current.sslParameters();
    }

    @Override
    public Optional<Authenticator> authenticator() {
        return current.authenticator();
    }

    @Override
    public Version version() {
        return current.version();
    }

    @Override
    public Optional<Executor> executor() {
        return current.executor();
    }
}

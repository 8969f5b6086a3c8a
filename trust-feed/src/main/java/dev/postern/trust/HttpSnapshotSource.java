package dev.postern.trust;

import dev.postern.identity.PeerIdentity;
import dev.postern.trust.FeedRefused.Reason;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/// `GET /v1/trust/snapshot` over mTLS, from a server that proves to be the publisher: any other service of the platform
/// could replay an old snapshot that is rightly signed.
///
/// HTTP/1.1 on purpose: there both ends can say that an answer is a connection's last, so that none outlives the
/// certificates it was opened with.
public final class HttpSnapshotSource implements SnapshotSource, AutoCloseable {
    public static final String PATH = "/v1/trust/snapshot";

    private final URI publisher;
    private final Duration timeout;
    private final HttpRequest request;
    private final HttpClient http;

    /// @param endpoint of the publisher, without path
    /// @param publisher the one identity that is believed
    /// @param http presents this service's identity, and makes new connections when that is renewed; closed with
    ///     this
    /// @param timeout of one read; a third of the silence at most, so that one read fits into it
    public HttpSnapshotSource(URI endpoint, URI publisher, HttpClient http, Duration timeout) {
        if (!"https".equals(endpoint.getScheme())) {
            throw new IllegalArgumentException("the trust feed is read over https only");
        }
        this.publisher = publisher;
        this.timeout = timeout;
        this.request = HttpRequest.newBuilder(endpoint.resolve(PATH))
                .timeout(timeout)
                .header("Accept", "application/jwt")
                .build();
        this.http = http;
    }

    @Override
    public String fetch() throws FeedRefused, InterruptedException {
        CompletableFuture<HttpResponse<String>> answer = http.sendAsync(
                request,
                BodyHandlers.limiting(
                        BodyHandlers.ofString(StandardCharsets.US_ASCII), FeedMessage.MAX_SNAPSHOT_LENGTH));
        try {
            // The request's own timeout ends with the headers; this one bounds the body too.
            HttpResponse<String> response = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != 200
                    || !response.sslSession().filter(this::isPublisher).isPresent()) {
                throw new FeedRefused(Reason.UNREACHABLE);
            }
            return response.body();
        } catch (ExecutionException | TimeoutException _) {
            throw new FeedRefused(Reason.UNREACHABLE);
        } finally {
            // Without effect on an answer that is complete; frees the connection of any other.
            var _ = answer.cancel(true);
        }
    }

    private boolean isPublisher(SSLSession session) {
        try {
            return session.getPeerCertificates()[0] instanceof X509Certificate leaf
                    && PeerIdentity.of(leaf).filter(publisher::equals).isPresent();
        } catch (SSLPeerUnverifiedException _) {
            return false;
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}

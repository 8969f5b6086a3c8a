package dev.postern.token;

import dev.postern.token.DirectoryRefused.Reason;
import java.net.URI;
import java.net.URLEncoder;
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

/// `GET /v1/directory` over mTLS, from a server that proves to be the key-rotation-service: any other service of the
/// platform could replay an old directory that is rightly signed.
///
/// Used by one thread. HTTP/1.1 on purpose: there both ends can say that an answer is a connection's last, so that none
/// outlives the certificates it was opened with.
final class HttpDirectorySource implements DirectorySource, AutoCloseable {
    /// How long the end of a process waits for its last word to be heard.
    static final Duration LEAVING = Duration.ofSeconds(1);

    private final DirectorySettings settings;
    private final HttpClient http;

    HttpDirectorySource(DirectorySettings settings, HttpClient http) {
        this.settings = settings;
        this.http = http;
    }

    @Override
    public String fetch(long applied) throws DirectoryRefused, InterruptedException {
        HttpRequest request = request(applied, "");
        CompletableFuture<HttpResponse<String>> answer = http.sendAsync(
                request,
                BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.US_ASCII), DirectoryReader.MAX_LENGTH));
        try {
            // The request's own timeout ends with the headers; this one bounds the body too.
            HttpResponse<String> response = answer.get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
            if (response.statusCode() != 200) {
                throw new DirectoryRefused(Reason.UNREACHABLE);
            }
            if (!response.sslSession().filter(this::isAuthority).isPresent()) {
                throw new DirectoryRefused(Reason.WRONG_SERVER);
            }
            return response.body();
        } catch (ExecutionException | TimeoutException _) {
            throw new DirectoryRefused(Reason.UNREACHABLE);
        } finally {
            // Without effect on an answer that is complete; frees the connection of any other.
            var _ = answer.cancel(true);
        }
    }

    @Override
    public void leave(long applied) throws InterruptedException {
        try {
            var _ = http.sendAsync(request(applied, "&leaving=true"), BodyHandlers.discarding())
                    .get(LEAVING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException _) {
            // Then we are missed, as one who was killed.
        }
    }

    private HttpRequest request(long applied, String more) {
        URI address = settings.endpoint()
                .resolve("/v1/directory?applied=" + applied + "&instance="
                        + URLEncoder.encode(settings.instance(), StandardCharsets.UTF_8) + more);
        return HttpRequest.newBuilder(address)
                .timeout(settings.timeout())
                .header("Accept", "application/jwt")
                .build();
    }

    private boolean isAuthority(SSLSession session) {
        try {
            return session.getPeerCertificates()[0] instanceof X509Certificate leaf
                    && IdentityJws.isIdentity(leaf, settings.authority());
        } catch (SSLPeerUnverifiedException _) {
            return false;
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}

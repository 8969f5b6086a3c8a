package dev.postern.identity;

import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;

/// The TLS contexts and clients that an identity has handed out, and when they begin anew.
///
/// Guarantee: once [#startAnew] or [#forget] returns, none of the contexts resumes a session or ticket of before.
/// Non-guarantee: connections that are open stay, and a socket factory or listening socket of the JDK's keeps what it
/// was made with: ask the context for each connection, as Tomcat and Netty do.
///
/// Contexts and clients may be made by any thread; the identity makes them begin anew under its lock, one at a time.
final class LiveContexts {
    /// A resumed TLS session skips certificates, so it may not live long either.
    private static final Duration LONGEST_SESSION = Duration.ofMinutes(5);

    private final X509ExtendedKeyManager keys;
    private final SecureRandom random;
    /// Their sessions must not outlive certificates.
    private final List<Tls13> contexts = new CopyOnWriteArrayList<>();
    private final List<LiveHttpClient> clients = new CopyOnWriteArrayList<>();
    private final List<Runnable> forgetting = new CopyOnWriteArrayList<>();

    LiveContexts(X509ExtendedKeyManager keys, SecureRandom random) {
        this.keys = keys;
        this.random = random;
    }

    /// One that shows the identity and believes what `peers` does.
    ///
    /// @param shown while the context is made
    Tls13 context(X509ExtendedTrustManager peers, IdentityDocument shown) {
        Tls13 context = Tls13.context(new X509ExtendedKeyManager[] {keys}, peers, random);
        context.startAnew(sessionSeconds(shown));
        contexts.add(context);
        return context;
    }

    HttpClient client(Tls13 context, Duration connectTimeout) {
        LiveHttpClient client = new LiveHttpClient(() -> HttpClient.newBuilder()
                .sslContext(context)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(connectTimeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build());
        clients.add(client);
        return client;
    }

    /// For servers that make contexts of their own; see [#forget].
    void onForget(Runnable listener) {
        forgetting.add(listener);
    }

    /// Another certificate is shown: sessions begin anew, and connections of clients.
    void startAnew(IdentityDocument shown) {
        sessionsAnew(shown);
        clients.removeIf(LiveHttpClient::isClosed);
        clients.forEach(LiveHttpClient::startAnew);
    }

    /// Nothing is resumed that began before, whatever is shown; listeners are told.
    void forget(IdentityDocument shown) {
        sessionsAnew(shown);
        forgetting.forEach(WorkloadIdentity::tell);
    }

    /// Both: what others had of us, or we of them, counts no more.
    void denied(IdentityDocument shown) {
        startAnew(shown);
        forgetting.forEach(WorkloadIdentity::tell);
    }

    private void sessionsAnew(IdentityDocument shown) {
        int seconds = sessionSeconds(shown);
        contexts.forEach(context -> context.startAnew(seconds));
    }

    /// A quarter of the certificate's life: what begins just before the renewal ends well before the certificate.
    private static int sessionSeconds(IdentityDocument document) {
        return (int) Math.clamp(document.lifetime().toSeconds() / 4, 1, LONGEST_SESSION.toSeconds());
    }
}

package dev.postern.rotation.authority;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import dev.postern.identity.CertificatePem;
import dev.postern.rotation.authority.ServiceAccounts.Refusal;
import dev.postern.rotation.authority.ServiceAccounts.Refused;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// The cluster's keys, read from the cluster over TLS.
///
/// Fails closed: keys count for five minutes after they were read, so a key that the cluster took back is not trusted
/// for longer; then, and while the cluster cannot be asked, nobody joins. A key that is not known makes it ask again,
/// at most every five seconds, whoever sends invented ones.
final class ClusterKeys implements ServiceAccounts.Keys {
    private static final Duration FRESH = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofSeconds(5);
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int LONGEST = 64 * 1024;

    private record Known(JWKSet keys, Instant read) {}

    private final KubernetesProperties properties;
    private final Clock clock;
    private volatile @Nullable Known known;
    private Instant asked = Instant.EPOCH;

    ClusterKeys(KubernetesProperties properties, Clock clock) {
        this.properties = properties;
        this.clock = clock;
    }

    @Override
    public JWK find(String kid) throws Refused {
        // Whoever comes with a key that is known does not wait for those who do not.
        JWK key = fresh(kid);
        return key == null ? ask(kid) : key;
    }

    private @Nullable JWK fresh(String kid) {
        Known seen = known;
        return seen != null && clock.instant().isBefore(seen.read().plus(FRESH))
                ? seen.keys().getKeyByKeyId(kid)
                : null;
    }

    private synchronized JWK ask(String kid) throws Refused {
        JWK meanwhile = fresh(kid);
        if (meanwhile != null) {
            return meanwhile;
        }
        Instant now = clock.instant();
        if (now.isBefore(asked.plus(PAUSE))) {
            Known seen = known;
            boolean answered = seen != null && now.isBefore(seen.read().plus(FRESH));
            throw new Refused(answered ? Refusal.FORGED : Refusal.UNAVAILABLE);
        }
        asked = now;
        JWKSet read = read();
        known = new Known(read, now);
        JWK found = read.getKeyByKeyId(kid);
        if (found == null) {
            throw new Refused(Refusal.FORGED);
        }
        return found;
    }

    private JWKSet read() throws Refused {
        try (HttpClient http = HttpClient.newBuilder()
                .sslContext(trusting(properties.caCertificate()))
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(TIMEOUT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build()) {
            HttpRequest.Builder request = HttpRequest.newBuilder(Objects.requireNonNull(properties.jwksUri()))
                    .timeout(TIMEOUT)
                    .header("Accept", "application/jwk-set+json, application/json");
            if (properties.tokenFile() != null) {
                // Read each time: the kubelet replaces it.
                request.header(
                        "Authorization",
                        "Bearer " + Files.readString(properties.tokenFile()).strip());
            }
            HttpResponse<String> answer = http.sendAsync(
                            request.build(),
                            BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), LONGEST))
                    .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            if (answer.statusCode() != 200) {
                throw new Refused(Refusal.UNAVAILABLE);
            }
            return JWKSet.parse(answer.body());
        } catch (IOException | GeneralSecurityException | ExecutionException | TimeoutException | ParseException _) {
            throw new Refused(Refusal.UNAVAILABLE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new Refused(Refusal.UNAVAILABLE);
        }
    }

    private static SSLContext trusting(Path pem) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        for (X509Certificate anchor : CertificatePem.certificates(Files.readString(pem))) {
            store.setCertificateEntry(anchor.getSerialNumber().toString(16), anchor);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        return tls;
    }
}

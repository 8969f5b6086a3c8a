package dev.postern.identity;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The authority over HTTPS: `POST /v1/identities/join` with a one-time token, `POST /v1/identities/kubernetes` with a
/// service account's, `POST /v1/identities/renew` over mTLS. A client lives for one call: calls are hours apart, and a
/// pooled connection would keep an old certificate
/// alive.
final class RemoteAuthority {
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(10);
    private static final int LONGEST_ANSWER = 64 * 1024;

    private final URI base;
    private final JsonMapper json = JsonMapper.shared();

    RemoteAuthority(URI base) {
        this.base = base;
    }

    IssuedChain join(SSLContext authorityOnly, String service, String joinToken, byte[] csrDer) {
        return call(
                authorityOnly,
                "/v1/identities/join",
                Map.of("service", service, "join_token", joinToken, "csr", CertificatePem.encodeRequest(csrDer)));
    }

    IssuedChain attest(SSLContext authorityOnly, String service, String serviceAccountToken, byte[] csrDer) {
        return call(
                authorityOnly,
                "/v1/identities/kubernetes",
                Map.of("service", service, "token", serviceAccountToken, "csr", CertificatePem.encodeRequest(csrDer)));
    }

    IssuedChain renew(SSLContext mutual, byte[] csrDer) {
        return call(mutual, "/v1/identities/renew", Map.of("csr", CertificatePem.encodeRequest(csrDer)));
    }

    private IssuedChain call(SSLContext tls, String path, Map<String, String> body) {
        HttpRequest request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(CALL_TIMEOUT)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(body)))
                .build();
        HttpClient client = HttpClient.newBuilder()
                .sslContext(tls)
                .connectTimeout(CALL_TIMEOUT)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        try {
            // The request's own timeout ends with the headers; this one bounds the body too.
            return read(client.sendAsync(
                            request,
                            HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), LONGEST_ANSWER))
                    .get(CALL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException e) {
            throw new IdentityUnavailable(
                    IdentityUnavailable.Reason.UNREACHABLE,
                    "The identity authority at " + base + " does not answer.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IdentityUnavailable(
                    IdentityUnavailable.Reason.INTERRUPTED, "The wait for the identity authority was interrupted.", e);
        } finally {
            client.shutdownNow();
        }
    }

    private IssuedChain read(HttpResponse<byte[]> answer) {
        int status = answer.statusCode();
        if (status >= 400 && status < 500 && status != 429) {
            throw new IdentityUnavailable(
                    IdentityUnavailable.Reason.REFUSED,
                    "The identity authority refused this workload (status " + status + ").");
        }
        if (status != 200) {
            throw new IdentityUnavailable(
                    IdentityUnavailable.Reason.UNREACHABLE,
                    "The identity authority failed to answer (status " + status + ").");
        }
        try {
            JsonNode document = json.readTree(new String(answer.body(), StandardCharsets.UTF_8));
            return new IssuedChain(certificates(document.path("chain")), certificates(document.path("anchors")));
        } catch (JacksonException | CertificateException | IllegalArgumentException e) {
            throw new IdentityUnavailable(
                    IdentityUnavailable.Reason.INVALID_ANSWER,
                    "The identity authority's answer holds no certificates.",
                    e);
        }
    }

    private static List<X509Certificate> certificates(JsonNode pems) throws CertificateException {
        List<X509Certificate> found = new ArrayList<>();
        for (JsonNode pem : pems) {
            found.addAll(CertificatePem.certificates(pem.asString()));
        }
        return found;
    }
}

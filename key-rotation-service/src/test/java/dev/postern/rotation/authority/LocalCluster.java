package dev.postern.rotation.authority;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.postern.identity.CertificatePem;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// A cluster's issuer of service account tokens: keys of its own, published over TLS as the API server does.
public final class LocalCluster implements AutoCloseable {
    public static final String ISSUER = "https://kubernetes.default.svc.cluster.local";

    private static final String BEARER = "Bearer our-own-account";

    private final InMemoryAuthority authority =
            InMemoryAuthority.create("cluster", Duration.ofDays(1), Clock.systemUTC(), new SecureRandom());
    private final WorkloadIdentity server =
            authority.identityOf(new TrustDomain("cluster.local").idOf("kube-apiserver"));
    private final HttpsServer https;
    private final AtomicInteger reads = new AtomicInteger();
    private volatile ECKey key = newKey("first");
    private volatile boolean away;

    public LocalCluster() throws IOException {
        https = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        https.setHttpsConfigurator(new HttpsConfigurator(server.sslContext()));
        https.createContext("/openid/v1/jwks", exchange -> {
            try (exchange) {
                reads.incrementAndGet();
                boolean known = BEARER.equals(exchange.getRequestHeaders().getFirst("Authorization"));
                byte[] body = new JWKSet(key.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
                int status = away ? 503 : known ? 200 : 401;
                exchange.sendResponseHeaders(status, status == 200 ? body.length : -1);
                if (status == 200) {
                    exchange.getResponseBody().write(body);
                }
            }
        });
        https.start();
    }

    public URI jwks() {
        return URI.create("https://localhost:" + https.getAddress().getPort() + "/openid/v1/jwks");
    }

    /// Its certificate and the token that it knows us by, as files.
    public Path files(Path directory) throws IOException {
        Files.writeString(directory.resolve("cluster-ca.crt"), CertificatePem.encode(authority.certificate()));
        Files.writeString(directory.resolve("own-token"), "our-own-account\n");
        return directory;
    }

    static ECKey newKey(String kid) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(kid).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Its former key signs nothing any more, and is published no more.
    void rotate(String kid) {
        key = newKey(kid);
    }

    ECKey key() {
        return key;
    }

    void away(boolean now) {
        away = now;
    }

    int reads() {
        return reads.get();
    }

    /// What the kubelet projects into a pod.
    public static JWTClaimsSet.Builder claims(String namespace, String account, Instant now) {
        return new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(List.of("postern"))
                .subject("system:serviceaccount:" + namespace + ":" + account)
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(now.plus(Duration.ofHours(1))))
                .claim(
                        "kubernetes.io",
                        Map.of(
                                "namespace",
                                namespace,
                                "serviceaccount",
                                Map.of("name", account, "uid", "a-uid"),
                                "pod",
                                Map.of("name", account + "-0", "uid", "another-uid")));
    }

    public String sign(JWTClaimsSet claims) {
        return sign(key, claims);
    }

    static String sign(ECKey key, JWTClaimsSet claims) {
        try {
            SignedJWT jwt = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.ES256)
                            .keyID(key.getKeyID())
                            .build(),
                    claims);
            jwt.sign(new ECDSASigner(key));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        https.stop(0);
        server.close();
    }
}

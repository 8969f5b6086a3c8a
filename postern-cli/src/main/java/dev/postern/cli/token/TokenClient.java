package dev.postern.cli.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.postern.cli.terminal.Failure;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Gets tokens by `client_credentials` with a signed assertion (RFC 7523), as any external client would.
public final class TokenClient implements AutoCloseable {
    private static final Duration ASSERTION_LIFE = Duration.ofSeconds(60);

    private final URI issuer;
    private final HttpClient client;
    private final Clock clock;

    /// `tls` trusts the platform's CA; no client certificate is needed.
    public TokenClient(URI issuer, SSLContext tls, Clock clock) {
        this.issuer = issuer;
        this.clock = clock;
        this.client = HttpClient.newBuilder()
                .sslContext(tls)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .build();
    }

    /// The compact token.
    ///
    /// @throws Failure when the token-service refuses or cannot be reached
    public String fetch(TokenRequest request) throws InterruptedException {
        HttpResponse<String> answer = ask(request);
        if (answer.statusCode() != 200) {
            throw new Failure("The token-service refused: " + answer.statusCode() + " " + errorCode(answer.body()));
        }
        try {
            return new JsonMapper().readTree(answer.body()).path("access_token").asString();
        } catch (JacksonException e) {
            throw new Failure("The token-service's answer is not JSON.", e);
        }
    }

    /// The raw answer, for those who want to see a refusal.
    public HttpResponse<String> ask(TokenRequest request) throws InterruptedException {
        URI endpoint = issuer.resolve("/oauth2/token");
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "client_credentials");
        form.put("client_id", request.clientId());
        form.put("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        form.put("client_assertion", assertion(request));
        form.put("scope", request.scope());
        form.put("resource", request.audience());
        HttpRequest.Builder post = HttpRequest.newBuilder(endpoint)
                .timeout(Duration.ofSeconds(15))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(encode(form)));
        request.boundTo()
                .ifPresent(
                        key -> post.header("DPoP", key.prove("POST", endpoint.toString(), clock.instant(), Map.of())));
        try {
            return client.send(post.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new Failure("The token-service at " + issuer + " cannot be reached: is the platform up?", e);
        }
    }

    @Override
    public void close() {
        client.close();
    }

    private String assertion(TokenRequest request) {
        Instant now = clock.instant();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(request.clientId())
                .subject(request.clientId())
                .audience(issuer.toString())
                .jwtID(UUID.randomUUID().toString())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(ASSERTION_LIFE)))
                .build();
        return sign(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .keyID(request.key().getKeyID())
                        .build(),
                claims,
                request.key());
    }

    private static String sign(JWSHeader header, JWTClaimsSet claims, ECKey key) {
        try {
            SignedJWT jwt = new SignedJWT(header, claims);
            jwt.sign(new ECDSASigner(key));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new Failure("The client's key cannot sign.", e);
        }
    }

    private static String encode(Map<String, String> form) {
        return form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    /// OAuth's error code (RFC 6749 section 5.2), which is a fixed word and safe to show.
    private static String errorCode(String body) {
        try {
            return new JsonMapper().readTree(body).path("error").asString("");
        } catch (JacksonException _) {
            return "";
        }
    }
}

package dev.postern.cli.token;

import dev.postern.cli.operator.PlatformHttp;
import dev.postern.session.ProofKey;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A DPoP-bound token with the key it is bound to (RFC 9449 section 7). Every request gets a proof of its own. For one
/// resource server; safe for many threads.
public final class BoundToken {
    private final String token;
    private final ProofKey key;
    private final Clock clock;
    private volatile Optional<String> nonce = Optional.empty();

    public BoundToken(String token, ProofKey key, Clock clock) {
        this.token = token;
        this.key = key;
        this.clock = clock;
    }

    /// Sends the request; a request for a nonce (section 9) is met.
    public HttpResponse<String> send(PlatformHttp http, HttpRequest.Builder request) throws InterruptedException {
        HttpResponse<String> answer = http.send(proven(request));
        return challenged(answer) ? http.send(proven(request)) : answer;
    }

    /// A copy of the request with the token and a fresh proof.
    public HttpRequest.Builder proven(HttpRequest.Builder request) {
        HttpRequest built = request.build();
        return request.copy()
                .setHeader("Authorization", "DPoP " + token)
                .setHeader("DPoP", proof(built.method(), built.uri()));
    }

    /// Whether the server wants a nonce in the proof; the next proof has it.
    public boolean challenged(HttpResponse<?> answer) {
        Optional<String> given = answer.headers().firstValue("DPoP-Nonce");
        if (given.isEmpty()) {
            return false;
        }
        boolean news = !given.equals(nonce);
        nonce = given;
        return news && answer.statusCode() == 401;
    }

    /// A proof for one request with this token.
    public String proof(String method, URI target) {
        Map<String, String> claims = new LinkedHashMap<>();
        claims.put("ath", hash(token));
        nonce.ifPresent(value -> claims.put("nonce", value));
        return key.prove(
                method,
                target.getScheme() + "://" + target.getRawAuthority() + target.getRawPath(),
                clock.instant(),
                claims);
    }

    private static String hash(String token) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "BoundToken[" + key + "]";
    }
}

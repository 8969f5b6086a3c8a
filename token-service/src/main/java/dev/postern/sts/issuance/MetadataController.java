package dev.postern.sts.issuance;

import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.sts.TokenServiceProperties;
import dev.postern.token.DirectoryKey;
import dev.postern.token.KeyDirectory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// What clients and foreign resource servers may know: the server's metadata (RFC 8414) and its public keys (RFC 7517).
/// It names what exists here and nothing else; the framework's own would advertise endpoints that are closed.
@RestController
final class MetadataController {

    /// Short, so that a destroyed key is not trusted for long by those who only read the JWK set.
    private static final Duration KEYS_MAX_AGE = Duration.ofSeconds(30);

    private final TokenServiceProperties properties;
    private final KeyDirectory directory;

    MetadataController(TokenServiceProperties properties, KeyDirectory directory) {
        this.properties = properties;
        this.directory = directory;
    }

    @GetMapping("/.well-known/oauth-authorization-server")
    Map<String, Object> metadata() {
        String issuer = properties.issuer().toString();
        return Map.of(
                "issuer",
                issuer,
                "token_endpoint",
                properties.tokenEndpoint(),
                "jwks_uri",
                issuer + "/oauth2/jwks",
                "response_types_supported",
                List.of(),
                "grant_types_supported",
                List.of("client_credentials"),
                "token_endpoint_auth_methods_supported",
                List.of("private_key_jwt", "tls_client_auth"),
                "token_endpoint_auth_signing_alg_values_supported",
                List.of("ES256"),
                "dpop_signing_alg_values_supported",
                List.of("ES256"));
    }

    /// The keys tokens may be signed with, from the signed directory: those about to be used, in use, and retiring.
    @GetMapping("/oauth2/jwks")
    ResponseEntity<Map<String, Object>> keys() {
        List<Map<String, Object>> keys =
                directory
                        .snapshot()
                        .orElseThrow(() -> new ProblemException(Problem.UNAVAILABLE))
                        .keys()
                        .values()
                        .stream()
                        .map(DirectoryKey::toJwk)
                        .toList();
        return ResponseEntity.ok()
                .cacheControl(CacheControl.maxAge(KEYS_MAX_AGE).cachePublic())
                .body(Map.of("keys", keys));
    }
}

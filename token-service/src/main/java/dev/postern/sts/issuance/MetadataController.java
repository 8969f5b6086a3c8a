package dev.postern.sts.issuance;

import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.sts.TokenServiceProperties;
import dev.postern.token.AuthorizationDetail;
import dev.postern.token.DirectoryKey;
import dev.postern.token.DirectorySnapshot;
import dev.postern.token.DpopExpectation;
import dev.postern.token.KeyDirectory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
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
        List<String> methods =
                new ArrayList<>(List.of("private_key_jwt", "tls_client_auth", "self_signed_tls_client_auth"));
        if (properties.localSecrets()) {
            methods.addAll(List.of("client_secret_basic", "client_secret_post"));
        }
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("issuer", issuer);
        metadata.put("token_endpoint", properties.tokenEndpoint());
        metadata.put("jwks_uri", issuer + "/oauth2/jwks");
        metadata.put("response_types_supported", List.of());
        metadata.put(
                "grant_types_supported", List.of(TokenParameters.CLIENT_CREDENTIALS, TokenParameters.TOKEN_EXCHANGE));
        metadata.put("token_endpoint_auth_methods_supported", methods);
        metadata.put("token_endpoint_auth_signing_alg_values_supported", List.of("ES256"));
        metadata.put("dpop_signing_alg_values_supported", List.of("ES256"));
        metadata.put("tls_client_certificate_bound_access_tokens", true);
        metadata.put("revocation_endpoint", issuer + "/oauth2/revoke");
        metadata.put("revocation_endpoint_auth_methods_supported", methods);
        metadata.put("introspection_endpoint", issuer + "/oauth2/introspect");
        metadata.put("introspection_endpoint_auth_methods_supported", methods);
        metadata.put("introspection_signing_alg_values_supported", List.of("ES256"));
        metadata.put("authorization_details_types_supported", AuthorizationDetail.types());
        return metadata;
    }

    /// The keys tokens may be signed with, from the signed directory: those about to be used, in use, and retiring.
    @GetMapping("/oauth2/jwks")
    ResponseEntity<Map<String, Object>> keys() {
        DirectorySnapshot snapshot = directory.snapshot().orElseThrow(() -> new ProblemException(Problem.UNAVAILABLE));
        List<Map<String, Object>> keys = snapshot.keys().values().stream()
                .sorted(Comparator.comparing(DirectoryKey::keyId))
                .map(DirectoryKey::toJwk)
                .toList();
        // Of the ids alone: a version without another key is the same set. An id is its key's thumbprint.
        String etag = "\""
                + DpopExpectation.tokenHash(
                        String.join(" ", new TreeSet<>(snapshot.keys().keySet()))) + "\"";
        return ResponseEntity.ok()
                .cacheControl(CacheControl.maxAge(KEYS_MAX_AGE).mustRevalidate().cachePublic())
                .eTag(etag)
                .body(Map.of("keys", keys));
    }
}

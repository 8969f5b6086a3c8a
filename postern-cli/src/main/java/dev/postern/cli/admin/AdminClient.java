package dev.postern.cli.admin;

import com.nimbusds.jwt.SignedJWT;
import dev.postern.cli.home.ClientKeys;
import dev.postern.cli.operator.PlatformHttp;
import dev.postern.cli.terminal.Failure;
import dev.postern.cli.token.TokenClient;
import dev.postern.session.ProofKey;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.text.ParseException;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The admin API, called by one client of the security team with DPoP-bound tokens. For one thread.
///
/// Paths are below `/admin/v1`. Every method throws [Failure] with one sentence when the call is refused.
public final class AdminClient implements AutoCloseable {
    private static final String BASE = "/admin/v1";
    private static final int PAGE = 200;

    private final URI issuer;
    private final TokenClient tokenClient;
    private final AdminTokens tokens;
    private final PlatformHttp http;
    private final JsonMapper json = new JsonMapper();

    /// As one client, with a key for this process only.
    ///
    /// @param tls trusts the platform's CA
    public AdminClient(URI issuer, SSLContext tls, ClientKeys client, Clock clock, SecureRandom random) {
        this.issuer = issuer;
        this.tokenClient = new TokenClient(issuer, tls, clock);
        this.tokens = new AdminTokens(tokenClient, client, newKey(random), clock);
        this.http = new PlatformHttp(tls);
    }

    /// Fetches the token that such a call needs, so that the call itself takes no longer than it must.
    public void prepare(String method, String path) throws InterruptedException {
        tokens.withScope(AdminScopes.forCall(method, path));
    }

    public AdminAnswer get(String path) throws InterruptedException {
        return answered(call("GET", path, "", HttpRequest.newBuilder()));
    }

    /// Nothing when there is no such thing.
    public Optional<AdminAnswer> find(String path) throws InterruptedException {
        HttpResponse<String> answer = call("GET", path, "", HttpRequest.newBuilder());
        return answer.statusCode() == 404 ? Optional.empty() : Optional.of(answered(answer));
    }

    /// All items of a list, page after page.
    public ArrayNode list(String path) throws InterruptedException {
        ArrayNode items = json.createArrayNode();
        String query = path + (path.contains("?") ? "&" : "?") + "limit=" + PAGE;
        String next = "";
        do {
            JsonNode page = get(next.isEmpty() ? query : query + "&after=" + segment(next))
                    .body();
            page.path("items").forEach(items::add);
            next = page.path("next").asString("");
        } while (!next.isEmpty());
        return items;
    }

    public AdminAnswer post(String path, JsonNode body) throws InterruptedException {
        // Sent again after a request for a nonce, it is still the same request.
        HttpRequest.Builder request = HttpRequest.newBuilder()
                .header("Idempotency-Key", UUID.randomUUID().toString());
        return answered(call("POST", path, body.toString(), request));
    }

    /// Adds something in place of what has this version.
    ///
    /// @param etag the version it must still have
    public AdminAnswer post(String path, JsonNode body, String etag) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder()
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .header("If-Match", etag);
        return answered(call("POST", path, body.toString(), request));
    }

    /// Replaces what has this version, or creates it.
    ///
    /// @param etag the version it must still have; empty when it must not exist
    public AdminAnswer put(String path, JsonNode body, String etag) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder();
        if (etag.isEmpty()) {
            request.header("If-None-Match", "*");
        } else {
            request.header("If-Match", etag);
        }
        return answered(call("PUT", path, body.toString(), request));
    }

    /// Replaces what is there, whatever its version, or creates it: reads the version first.
    public AdminAnswer put(String path, JsonNode body) throws InterruptedException {
        return put(path, body, find(path).map(AdminAnswer::etag).orElse(""));
    }

    /// Reads, changes, writes; refused when somebody else wrote in between.
    public AdminAnswer change(String path, UnaryOperator<ObjectNode> change) throws InterruptedException {
        AdminAnswer before = get(path);
        if (!(before.body() instanceof ObjectNode document)) {
            throw new Failure("The token-service's answer is not a JSON object.");
        }
        return put(path, change.apply(document.deepCopy()), before.etag());
    }

    /// Removes what has this version.
    ///
    /// @param etag the version it must still have
    public AdminAnswer delete(String path, String etag) throws InterruptedException {
        return answered(call("DELETE", path, "", HttpRequest.newBuilder().header("If-Match", etag)));
    }

    /// Ends something that has no versions.
    public AdminAnswer end(String path) throws InterruptedException {
        return answered(call("DELETE", path, "", HttpRequest.newBuilder()));
    }

    /// Removes it, whatever its version: reads the version first.
    public AdminAnswer delete(String path) throws InterruptedException {
        return delete(path, get(path).etag());
    }

    /// The claims of this client's token for reading.
    public JsonNode whoAmI() throws InterruptedException {
        try {
            String claims =
                    SignedJWT.parse(tokens.compact("admin:read")).getPayload().toString();
            return json.readTree(claims);
        } catch (ParseException | JacksonException e) {
            throw new Failure("The token is not a signed JWT.", e);
        }
    }

    /// A name as it stands in a path.
    public static String segment(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        http.close();
        tokenClient.close();
    }

    private HttpResponse<String> call(String method, String path, String body, HttpRequest.Builder request)
            throws InterruptedException {
        HttpRequest.BodyPublisher content =
                body.isEmpty() ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
        request.uri(issuer.resolve(BASE + path)).timeout(PlatformHttp.PATIENCE).method(method, content);
        if (!body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        return tokens.withScope(AdminScopes.forCall(method, path)).send(http, request);
    }

    private AdminAnswer answered(HttpResponse<String> answer) {
        if (answer.statusCode() / 100 != 2) {
            throw AdminProblem.of(answer.statusCode(), answer.body());
        }
        try {
            JsonNode body = answer.body().isBlank() ? json.createObjectNode() : json.readTree(answer.body());
            return new AdminAnswer(
                    answer.statusCode(),
                    body,
                    answer.headers().firstValue("ETag").orElse(""));
        } catch (JacksonException e) {
            throw new Failure("The token-service's answer is not JSON.", e);
        }
    }

    private static ProofKey newKey(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            return new ProofKey(generator.generateKeyPair(), random);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }
}

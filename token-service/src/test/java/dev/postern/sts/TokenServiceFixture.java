package dev.postern.sts;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.test.RedisForTests;
import dev.postern.token.AccessToken;
import dev.postern.token.AccessTokenVerifier;
import dev.postern.token.KeyDirectory;
import dev.postern.token.TokenRejected;
import dev.postern.token.TokenUse;
import dev.postern.token.TrustState;
import dev.postern.token.VerifierSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/// The whole service over real TLS: an authority in memory, a directory server that speaks the real protocol, a real
/// database, a real Redis and a real audit spool.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TokenServiceFixture {
    static final String ISSUER = "https://localhost:8543";
    static final String TARGET = ISSUER + "/oauth2/token";

    final Clock clock = Clock.systemUTC();
    final SecureRandom random = new SecureRandom();
    final TrustDomain domain = new TrustDomain("postern.local");
    final InMemoryAuthority authority = InMemoryAuthority.create("test platform", Duration.ofDays(1), clock, random);
    final WorkloadIdentity own = authority.identityOf(domain.idOf("token-service"));
    final WorkloadIdentity gateway = authority.identityOf(domain.idOf("gateway-service"));
    final WorkloadIdentity relay = authority.identityOf(domain.idOf("inference-relay"));
    final TestClientKey demoKey = TestClientKey.generate("demo-1");
    final FakeRotationService rotation;
    final HttpClient external = client(trustOnly());
    ConfigurableApplicationContext service;
    final RedisForTests redis;

    @TempDir
    static Path home = Path.of("");

    TokenServiceFixture() throws IOException {
        rotation = new FakeRotationService(
                authority.identityOf(domain.idOf("key-rotation-service")),
                authority.identityOf(domain.idOf("audit-service")),
                clock);
        service = new GenericApplicationContext();
        redis = RedisForTests.start();
    }

    @BeforeAll
    void start() throws IOException, InterruptedException {
        Path password = Files.writeString(home.resolve("redis-password"), RedisForTests.PASSWORD);
        Path data = Files.createDirectories(home.resolve("data/token-service"));
        Files.writeString(data.resolve("bootstrap-clients.json"), clients());
        service = new SpringApplicationBuilder(TokenServiceApplication.class)
                .initializers(context ->
                        ((GenericApplicationContext) context).registerBean(WorkloadIdentity.class, () -> own))
                .properties(more())
                .run(
                        "--postern.home=" + home,
                        "--server.port=0",
                        "--management.server.port=0",
                        "--postern.sts.issuer=" + ISSUER,
                        "--postern.tokens.directory=" + rotation.address(),
                        "--postern.audit.endpoint=" + rotation.auditAddress(),
                        "--postern.redis.host=" + redis.host(),
                        "--postern.redis.port=" + redis.port(),
                        "--postern.redis.password-file=" + password);
        CountDownLatch ready = new CountDownLatch(1);
        service.getBean(KeyDirectory.class).onChange(snapshot -> {
            // An active key and a spare.
            if (snapshot.keys().size() >= 2) {
                ready.countDown();
            }
        });
        assertThat(ready.await(20, TimeUnit.SECONDS)).isTrue();
    }

    /// The bootstrap file.
    String clients() {
        return """
                [{"client_id":"demo","tenant":"acme","auth":"private_key_jwt","jwks":%s,
                  "scopes":["llm:invoke","audit:read"],"audiences":["urn:postern:gateway","urn:postern:relay"],
                  "bindings":["dpop","mtls","bearer"]}]
                """.formatted(demoKey.jwks());
    }

    /// More configuration.
    Map<String, Object> more() {
        return Map.of();
    }

    @AfterAll
    void stop() throws IOException {
        service.close();
        redis.close();
        rotation.close();
        List.of(own, gateway, relay).forEach(WorkloadIdentity::close);
    }

    String assertion() {
        return demoKey.sign(TestClientKey.claims("demo", ISSUER, clock.instant()));
    }

    static Map<String, String> authenticated(String assertion) {
        return Map.of(
                "grant_type", "client_credentials",
                "client_id", "demo",
                "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion", assertion);
    }

    static Map<String, String> workload(String clientId, String resource) {
        return Map.of(
                "grant_type",
                "client_credentials",
                "client_id",
                clientId,
                "scope",
                "llm:delegate",
                "resource",
                resource);
    }

    HttpResponse<String> ask(HttpClient http, String assertion, Map<String, String> more)
            throws IOException, InterruptedException {
        Map<String, String> form = new LinkedHashMap<>(authenticated(assertion));
        form.putAll(more);
        return post(http, form, Map.of());
    }

    HttpResponse<String> post(HttpClient http, Map<String, String> form, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address("/oauth2/token"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form(form)));
        headers.forEach(request::header);
        return http.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return get(path, Map.of());
    }

    HttpResponse<String> get(String path, Map<String, String> headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address(path));
        headers.forEach(request::header);
        return external.send(request.build(), BodyHandlers.ofString());
    }

    String raw(String request) throws IOException {
        try (SSLSocket socket = (SSLSocket) trustOnly()
                .getSocketFactory()
                .createSocket("localhost", address("/").getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    URI address(String path) {
        return URI.create("https://localhost:" + service.getEnvironment().getProperty("local.server.port") + path);
    }

    AccessToken verify(String token, String audience) throws TokenRejected {
        return new AccessTokenVerifier(
                        new VerifierSettings(ISSUER, audience, TokenUse.DATA_PLANE),
                        service.getBean(KeyDirectory.class),
                        _ -> TrustState.Standing.TRUSTED,
                        clock)
                .verify(token);
    }

    static String token(HttpResponse<String> response) throws ParseException {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return String.valueOf(JSONObjectUtils.parse(response.body()).get("access_token"));
    }

    static void assertRefused(HttpResponse<String> response, int status, String error) {
        assertThat(response.body()).isEqualTo("{\"error\":\"" + error + "\"}");
        assertThat(response.statusCode()).isEqualTo(status);
    }

    static String form(Map<String, String> form) {
        return form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    static HttpClient client(SSLContext tls) {
        return HttpClient.newBuilder().sslContext(tls).build();
    }

    SSLContext trustOnly() {
        try {
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(null, new TrustManager[] {own.trustManager()}, random);
            return context;
        } catch (GeneralSecurityException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }
}

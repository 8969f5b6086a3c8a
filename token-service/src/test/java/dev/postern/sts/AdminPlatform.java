package dev.postern.sts;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONArrayUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.sts.sealing.SealingForTests;
import dev.postern.sts.signing.SigningKeys;
import dev.postern.test.MutableClock;
import dev.postern.test.RedisForTests;
import dev.postern.token.DpopExpectation;
import dev.postern.token.DpopKey;
import dev.postern.token.DpopNonces;
import dev.postern.token.KeyDirectory;
import dev.postern.trust.TrustPublisher;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The whole service over real TLS, with a real Redis, for tests of its administration and of what clients and services
/// ask about tokens. Tokens are signed with the service's own key, so that each test says what is in them.
final class AdminPlatform implements AutoCloseable {
    static final String ISSUER = "https://localhost:8543";
    static final JsonMapper JSON = JsonMapper.builder().build();

    final Clock clock = Clock.systemUTC();
    /// By which the registry's keys grow old.
    final MutableClock sealing = new MutableClock(clock.instant());
    final SecureRandom random = new SecureRandom();
    final TestClientKey demoKey = TestClientKey.generate("demo-1");
    final TestClientKey resourceKey = TestClientKey.generate("resource-1");
    final WorkloadIdentity gateway;
    final WorkloadIdentity audit;
    final WorkloadIdentity stranger;
    final ConfigurableApplicationContext service;
    final StatefulRedisConnection<String, String> redis;

    private final TrustDomain domain = new TrustDomain("postern.local");
    private final WorkloadIdentity own;
    private final FakeRotationService rotation;
    private final RedisForTests redisServer;
    private final RedisClient redisClient;
    private final HttpClient external;
    private final List<JsonNode> events = new ArrayList<>();
    private boolean redisStopped;

    AdminPlatform(Path home, String... arguments) throws IOException, InterruptedException {
        InMemoryAuthority authority = InMemoryAuthority.create("test platform", Duration.ofDays(1), clock, random);
        InMemoryAuthority other = InMemoryAuthority.create("another platform", Duration.ofDays(1), clock, random);
        own = authority.identityOf(domain.idOf("token-service"));
        gateway = authority.identityOf(domain.idOf("gateway-service"));
        audit = authority.identityOf(domain.idOf("audit-service"));
        stranger = other.identityOf(domain.idOf("gateway-service"));
        rotation = new FakeRotationService(
                authority.identityOf(domain.idOf("key-rotation-service")),
                authority.identityOf(domain.idOf("audit-service")),
                clock);
        redisServer = RedisForTests.start();
        redisClient = RedisClient.create(RedisURI.builder()
                .withHost(redisServer.host())
                .withPort(redisServer.port())
                .withPassword(RedisForTests.PASSWORD.toCharArray())
                .build());
        redis = redisClient.connect();
        external = client(trustOnly());
        service = start(home, arguments);
    }

    private ConfigurableApplicationContext start(Path home, String... arguments)
            throws IOException, InterruptedException {
        Path password = Files.writeString(home.resolve("redis-password"), RedisForTests.PASSWORD);
        Path data = Files.createDirectories(home.resolve("data/token-service"));
        Files.writeString(data.resolve("kms-passphrase"), "only for this test run");
        Files.writeString(data.resolve("bootstrap-clients.json"), """
                [{"client_id":"demo","tenant":"acme","auth":"private_key_jwt","jwks":%1$s,
                  "scopes":["llm:invoke","audit:read"],"audiences":["urn:postern:gateway","urn:postern:relay"],
                  "bindings":["dpop","mtls","bearer"]},
                 {"client_id":"resource","tenant":"acme","auth":"private_key_jwt","jwks":%2$s,
                  "scopes":["token:introspect"],"audiences":["urn:postern:gateway"]},
                 {"client_id":"security","tenant":"acme","auth":"private_key_jwt","jwks":%1$s,
                  "scopes":["admin:policies"],"audiences":["urn:postern:admin"]},
                 {"client_id":"console","tenant":"acme","auth":"private_key_jwt","jwks":%1$s,
                  "scopes":["admin:policies"],"audiences":["urn:postern:admin"]},
                 {"client_id":"secret","tenant":"acme","auth":"client_secret_basic",
                  "secret_hash":"$2a$04$abcdefghijklmnopqrstuuZmHJIIBTWnEfoXiKUjGAmVhTJKvZJmy",
                  "scopes":["llm:invoke"],"audiences":["urn:postern:gateway"],"bindings":["bearer"]},
                 {"client_id":"boxed","tenant":"acme","auth":"private_key_jwt","jwks":%2$s,
                  "scopes":["token:introspect"],"audiences":["urn:postern:gateway"],"networks":["10.0.0.0/8"]}]
                """.formatted(demoKey.jwks(), resourceKey.jwks()));
        String[] all = Stream.concat(
                        Stream.of(
                                "--postern.home=" + home,
                                "--server.port=0",
                                "--management.server.port=0",
                                "--postern.sts.issuer=" + ISSUER,
                                "--postern.tokens.directory=" + rotation.address(),
                                "--postern.audit.endpoint=" + rotation.auditAddress(),
                                "--postern.redis.host=" + redisServer.host(),
                                "--postern.redis.port=" + redisServer.port(),
                                "--postern.redis.password-file=" + password),
                        Arrays.stream(arguments))
                .toArray(String[]::new);
        ConfigurableApplicationContext started = new SpringApplicationBuilder(TokenServiceApplication.class)
                .initializers(context -> {
                    ((GenericApplicationContext) context).registerBean(WorkloadIdentity.class, () -> own);
                    context.getBeanFactory()
                            .addBeanPostProcessor(SealingForTests.keysBy(sealing, context.getBeanFactory()));
                })
                .run(all);
        CountDownLatch ready = new CountDownLatch(1);
        started.getBean(KeyDirectory.class).onChange(snapshot -> {
            if (snapshot.keys().size() >= 2) {
                ready.countDown();
            }
        });
        assertThat(ready.await(20, TimeUnit.SECONDS)).isTrue();
        return started;
    }

    /// A person or client with a key of its own, and the scopes its tokens have.
    Agent agent(String client, String subject, String... scopes) {
        return new Agent(client, subject, DpopKey.generate(random, clock), scopes);
    }

    final class Agent {
        final DpopKey key;
        private final String client;
        private final String subject;
        private final String[] scopes;
        private final String session = UUID.randomUUID().toString();

        private Agent(String client, String subject, DpopKey key, String... scopes) {
            this.client = client;
            this.subject = subject;
            this.key = key;
            this.scopes = scopes;
        }

        String session() {
            return session;
        }

        JWTClaimsSet.Builder claims() {
            return AdminPlatform.this
                    .claims(client, "urn:postern:admin", "admin", String.join(" ", scopes))
                    .subject(subject)
                    .claim("sid", session)
                    .claim("cnf", Map.of("jkt", key.thumbprint()));
        }

        String token() {
            return sign(claims());
        }

        String proof(String method, String path, String token) {
            int query = path.indexOf('?');
            String target = ISSUER + (query < 0 ? path : path.substring(0, query));
            return key.prove(DpopExpectation.of(method, target).forToken(token).withNonce(nonce()));
        }

        HttpResponse<String> call(String method, String path, String body, String... headers)
                throws IOException, InterruptedException {
            String token = token();
            String[] all = Stream.concat(
                            Stream.of("Authorization", "DPoP " + token, "DPoP", proof(method, path, token)),
                            Arrays.stream(headers))
                    .toArray(String[]::new);
            return send(external, method, path, body, all);
        }

        HttpResponse<String> get(String path) throws IOException, InterruptedException {
            return call("GET", path, "");
        }
    }

    /// What the service demands in proofs at this moment.
    String nonce() {
        return service.getBean(DpopNonces.class).current();
    }

    /// The claims of a token, to be changed by a test.
    JWTClaimsSet.Builder claims(String client, String audience, String use, String scope) {
        String id = UUID.randomUUID().toString();
        return new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .subject(client)
                .audience(audience)
                .issueTime(Date.from(clock.instant()))
                .expirationTime(Date.from(clock.instant().plusSeconds(120)))
                .jwtID(id)
                .claim("client_id", client)
                .claim("tenant", "acme")
                .claim("token_use", use)
                .claim("sid", id)
                .claim("scope", scope)
                .claim("pol", 1);
    }

    String sign(JWTClaimsSet.Builder claims) {
        return service.getBean(SigningKeys.class)
                .active()
                .orElseThrow()
                .sign(claims.build().toString().getBytes(StandardCharsets.UTF_8));
    }

    HttpResponse<String> send(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        return send(external, method, path, body, headers);
    }

    HttpResponse<String> send(HttpClient http, String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address(path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!body.isEmpty() && Arrays.stream(headers).noneMatch("Content-Type"::equals)) {
            request.header("Content-Type", "application/json");
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return http.send(request.build(), BodyHandlers.ofString());
    }

    /// A form, as a client that signs assertions sends it.
    HttpResponse<String> form(
            String client, TestClientKey key, String path, Map<String, String> fields, String... headers)
            throws IOException, InterruptedException {
        String assertion = key.sign(TestClientKey.claims(client, ISSUER, clock.instant()));
        String form = Stream.concat(
                        Map.of(
                                "client_id", client,
                                "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                                "client_assertion", assertion)
                                .entrySet()
                                .stream(),
                        fields.entrySet().stream())
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        String[] all = Stream.concat(
                        Stream.of("Content-Type", "application/x-www-form-urlencoded"), Arrays.stream(headers))
                .toArray(String[]::new);
        return send(external, "POST", path, form, all);
    }

    /// Waits for an audit event that has all of these texts in it.
    JsonNode event(String... texts) throws InterruptedException {
        for (int batch = 0; batch < 100; batch++) {
            for (JsonNode event : events) {
                if (Arrays.stream(texts).allMatch(event.toString()::contains)) {
                    return event;
                }
            }
            String more = rotation.auditBatches().poll(10, TimeUnit.SECONDS);
            if (more == null) {
                break;
            }
            try {
                JSONArrayUtils.parse(more);
                JSON.readTree(more).forEach(events::add);
            } catch (ParseException e) {
                throw new IllegalStateException(e);
            }
        }
        throw new AssertionError("no event with " + List.of(texts));
    }

    static JsonNode json(HttpResponse<String> response) {
        return JSON.readTree(response.body());
    }

    TrustPublisher publisher() {
        return service.getBean(TrustPublisher.class);
    }

    HttpClient client(SSLContext tls) {
        return HttpClient.newBuilder().sslContext(tls).build();
    }

    URI address(String path) {
        return URI.create("https://localhost:" + service.getEnvironment().getProperty("local.server.port") + path);
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

    /// From now on Redis is away; [#close] copes with that.
    void stopRedis() throws IOException {
        redisClient.shutdown();
        redisServer.close();
        redisStopped = true;
    }

    /// Presents an identity of another platform while trusting this one.
    SSLContext as(WorkloadIdentity other) {
        try {
            char[] none = new char[0];
            java.security.KeyStore keys = java.security.KeyStore.getInstance("PKCS12");
            keys.load(null, none);
            keys.setKeyEntry(
                    "other",
                    other.current().privateKey(),
                    none,
                    other.current().chain().toArray(java.security.cert.Certificate[]::new));
            javax.net.ssl.KeyManagerFactory managers = javax.net.ssl.KeyManagerFactory.getInstance("PKIX");
            managers.init(keys, none);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(managers.getKeyManagers(), new TrustManager[] {own.trustManager()}, random);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        service.close();
        if (!redisStopped) {
            stopRedis();
        }
        rotation.close();
        List.of(own, gateway, audit, stranger).forEach(WorkloadIdentity::close);
    }
}

package dev.postern.auditing;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.postern.chassis.bearer.AccessTokens;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.redis.SingleUse;
import dev.postern.token.AccessTokenVerifier;
import dev.postern.token.DpopNonces;
import dev.postern.token.TokenUse;
import dev.postern.token.VerifierSettings;
import dev.postern.trust.OwnTrustFeed;
import dev.postern.trust.TrustFeed;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import tools.jackson.databind.JsonNode;

/// The service as it runs, but for its certificate authority and the key of its tokens, which are the test's.
final class RunningService implements AutoCloseable {

    private static final TrustDomain DOMAIN = new TrustDomain("postern.local");
    private static final InMemoryAuthority AUTHORITY =
            InMemoryAuthority.create("test", Duration.ofDays(1), Clock.systemUTC(), new SecureRandom());
    private static final String ISSUER = "https://localhost:8543";

    private final ConfigurableApplicationContext context;
    private final int port;
    private final ECKey tokenKey;

    private RunningService(ConfigurableApplicationContext context, int port, ECKey tokenKey) {
        this.context = context;
        this.port = port;
        this.tokenKey = tokenKey;
    }

    static RunningService start(Path home) throws Exception {
        return start(home, List.of());
    }

    /// @param settings  `--name=value`
    static RunningService start(Path home, List<String> settings) throws Exception {
        Path data = Files.createDirectories(home.resolve("data/audit-service"));
        Files.writeString(data.resolve("kms-passphrase"), "correct horse battery staple");
        int port = freePort();
        ECKey tokenKey = new ECKeyGenerator(Curve.P_256).keyID("kid-1").generate();
        ECPublicKey publicKey = tokenKey.toECPublicKey();
        SpringApplication application = new SpringApplication(AuditServiceApplication.class);
        application.addInitializers(context -> {
            if (context instanceof GenericApplicationContext beans) {
                beans.registerBean(
                        "workloadIdentity",
                        WorkloadIdentity.class,
                        () -> AUTHORITY.identityOf(DOMAIN.idOf("audit-service")));
                TrustFeed trust = new OwnTrustFeed(Clock.systemUTC());
                beans.registerBean("trustFeed", TrustFeed.class, () -> trust);
                AccessTokenVerifier verifier = new AccessTokenVerifier(
                        new VerifierSettings(ISSUER, "urn:postern:audit", TokenUse.DATA_PLANE, Duration.ofSeconds(5)),
                        kid -> kid.equals("kid-1") ? Optional.of(publicKey) : Optional.empty(),
                        trust,
                        Clock.systemUTC());
                beans.registerBean(
                        "accessTokens",
                        AccessTokens.class,
                        () -> new AccessTokens(
                                verifier,
                                URI.create("https://localhost:" + port),
                                beans.getBean(SingleUse.class),
                                beans.getBean(DpopNonces.class),
                                beans.getBean(MeterRegistry.class),
                                Clock.systemUTC()));
            }
        });
        List<String> arguments = new ArrayList<>(settings);
        arguments.add("--postern.home=" + home);
        arguments.add("--postern.ports.audit=" + port);
        arguments.add("--postern.management-ports.audit=0");
        arguments.add("--postern.tokens.follow-directory=false");
        ConfigurableApplicationContext context = application.run(arguments.toArray(String[]::new));
        return new RunningService(context, port, tokenKey);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    URI endpoint() {
        return URI.create("https://localhost:" + port);
    }

    WorkloadIdentity identity(String service) {
        return AUTHORITY.identityOf(DOMAIN.idOf(service));
    }

    WorkloadIdentity operator() {
        return AUTHORITY.identityOf(DOMAIN.idOf("operator/cli"));
    }

    Caller caller(WorkloadIdentity identity) {
        return new Caller(endpoint(), identity.sslContext());
    }

    /// Trusts the platform and presents nothing.
    Caller withoutCertificate() throws Exception {
        SSLContext tls = SSLContext.getInstance("TLSv1.3");
        tls.init(null, new TrustManager[] {identity("nobody").trustManager()}, new SecureRandom());
        return new Caller(endpoint(), tls);
    }

    String token(String scope) throws Exception {
        return token("auditor", "auditor", scope);
    }

    String token(String client, String subject, String scope) throws Exception {
        Instant now = Instant.now();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .audience(List.of("urn:postern:audit"))
                .subject(subject)
                .claim("client_id", client)
                .claim("tenant", "acme")
                .claim("token_use", "tool")
                .claim("sid", "session-1")
                .claim("scope", scope)
                .jwtID(UUID.randomUUID().toString())
                .issueTime(Date.from(now))
                .notBeforeTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(300)))
                .build();
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(new JOSEObjectType("at+jwt"))
                .keyID("kid-1")
                .build();
        SignedJWT token = new SignedJWT(header, claims);
        token.sign(new ECDSASigner(tokenKey));
        return token.serialize();
    }

    /// The newest events of a type, once there are enough.
    JsonNode await(Caller reader, String type, int count) throws Exception {
        while (true) {
            JsonNode events = reader.json("/v1/events?limit=1000&type=" + type).path("events");
            if (events.size() >= count) {
                return events;
            }
        }
    }

    double counter(String name) {
        return context.getBean(MeterRegistry.class).get(name).counter().count();
    }

    @Override
    public void close() {
        context.close();
    }
}

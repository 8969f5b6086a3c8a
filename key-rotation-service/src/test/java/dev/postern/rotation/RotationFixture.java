package dev.postern.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.jwk.ECKey;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.rotation.ledger.KeyLedger;
import dev.postern.test.RedisForTests;
import dev.postern.token.IdentityJws;
import dev.postern.token.TokenRejected;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The whole service over TLS, as services, an operator and strangers meet it: two services and an operator that have
/// joined.
@DirtiesContext
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "postern.rotation.patience=2s",
            "postern.rotation.compromise.drills.allowed=true",
            "postern.rotation.operators=operator/cli,operator/second",
            "postern.rotation.report-patience=5s"
        })
abstract class RotationFixture {
    static final Duration PATIENCE = Duration.ofSeconds(20);
    static final TrustDomain DOMAIN = new TrustDomain("postern.local");
    static final JsonMapper JSON = JsonMapper.shared();
    static final AtomicReference<ServiceHome> HOME = new AtomicReference<>();

    @TempDir
    static Path directory;

    @LocalServerPort
    int port;

    @LocalManagementPort
    int managementPort;

    @Autowired
    KeyLedger ledger;

    WorkloadIdentity signer;
    WorkloadIdentity gateway;
    WorkloadIdentity operator;

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        HOME.set(ServiceHome.prepare(directory, registry));
    }

    /// For classes that need one; it lives as long as this JVM.
    static void withRedis(DynamicPropertyRegistry registry) {
        RedisForTests redis = RedisForTests.start();
        registry.add("postern.redis.host", redis::host);
        registry.add("postern.redis.port", redis::port);
        registry.add("postern.redis.password-file", () -> HOME.get().redisPassword());
    }

    @BeforeEach
    void join() {
        await().atMost(PATIENCE).until(ledger::leads);
        signer = ServiceClient.join(HOME.get(), "token-service", port);
        gateway = ServiceClient.join(HOME.get(), "gateway-service", port);
        operator = ServiceClient.join(HOME.get(), "operator/cli", port);
    }

    @AfterEach
    void leave() {
        signer.close();
        gateway.close();
        operator.close();
    }

    ServiceClient as(WorkloadIdentity identity) {
        return new ServiceClient(port, identity.sslContext());
    }

    ServiceClient anonymous() throws Exception {
        SSLContext tls = SSLContext.getInstance("TLSv1.3");
        tls.init(null, new TrustManager[] {signer.trustManager()}, new SecureRandom());
        return new ServiceClient(port, tls);
    }

    JsonNode verified(String compact) throws TokenRejected {
        return JSON.readTree(IdentityJws.verify(
                compact,
                "postern-directory+jwt",
                DOMAIN.idOf("key-rotation-service"),
                signer.current().anchors(),
                Clock.systemUTC(),
                1 << 20));
    }

    static String registration(ServiceClient client, ECKey key) {
        return JSON.writeValueAsString(
                Map.of("instance", client.instance, "jwk", key.toPublicJWK().toJSONObject()));
    }

    static String state(JsonNode directory, String kid) {
        for (JsonNode key : directory.path("keys")) {
            if (key.path("kid").asString().equals(kid)) {
                return key.path("state").asString();
            }
        }
        return "NONE";
    }

    static void assertProblem(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
    }
}

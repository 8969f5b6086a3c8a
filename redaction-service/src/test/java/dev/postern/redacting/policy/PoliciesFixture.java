package dev.postern.redacting.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.audit.AuditSettings;
import dev.postern.audit.AuditTrail;
import dev.postern.identity.TrustDomain;
import dev.postern.kms.LocalKeyManagement;
import dev.postern.kms.Passphrase;
import dev.postern.kms.WrappedSetFiles;
import dev.postern.redact.detection.Detection;
import dev.postern.redact.entity.Entity;
import dev.postern.redact.policy.Plan;
import dev.postern.redact.policy.Treatment;
import dev.postern.redacting.answer.AnswerPolicy;
import dev.postern.redacting.engine.ExchangeRefused;
import dev.postern.redacting.engine.ExchangeRefused.Reason;
import dev.postern.redacting.engine.Terms;
import dev.postern.redacting.policy.PoliciesInForce.Outcome;
import dev.postern.test.MutableClock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

/// Replicas of the policies over one sealed store, in one process.
abstract class PoliciesFixture {
    static final Detection DETECTION = Detection.standard();
    static final Collection<Entity> ENTITIES = DETECTION.entities();
    static final PolicyProperties PROPERTIES = new PolicyProperties(
            Duration.ofMillis(500), Duration.ofMinutes(10), DataSize.ofKilobytes(16), DataSize.ofKilobytes(16));
    static final String KEEPING = "{\"labels\":{\"internal\":{\"actions\":{\"EMAIL\":\"keep\"}}}}";
    static final String BLOCKING = "{\"labels\":{\"internal\":{\"actions\":{\"EMAIL\":\"block\"},"
            + "\"deny\":{\"CUSTOM\":[\"Project Falcon\"]},\"allow\":[\"Jane Doe\"]}}}";
    static final String PACK = """
            {"entities": {"CUSTOM_STAFF": {"kind": "STAFF", "action": "pseudonymise"}},
             "keys": {"CUSTOM_STAFF": ["staff no"]},
             "rules": [{"id": "staff", "entity": "CUSTOM_STAFF", "pattern": "EMP-\\\\d{6}", "score": 0.9,
                        "examples": ["is «EMP-004711» in?"], "counter-examples": ["EMP-1"]}]}
            """;
    static final String WITH_PACK = "{\"labels\":{\"internal\":{}},\"pack\":" + PACK + "}";

    @TempDir
    Path home;

    final MutableClock clock = MutableClock.atNoon();
    final SecureRandom random = new SecureRandom();
    LocalKeyManagement kms;
    AuditTrail trail;
    WrappedSetFiles sets;
    Path file;

    @BeforeEach
    void open() throws IOException {
        Files.writeString(home.resolve("passphrase"), "only for this test");
        kms = keys("keyset.json");
        sets = new WrappedSetFiles(home);
        file = home.resolve("redaction-policies.json");
        trail = trail("spool");
    }

    @AfterEach
    void close() {
        trail.close();
        kms.close();
    }

    PoliciesInForce replica() {
        return replica(new SealedPolicies(kms, sets));
    }

    PoliciesInForce replica(SealedPolicies store) {
        return replica(store, DETECTION);
    }

    PoliciesInForce replica(SealedPolicies store, Detection engine) {
        PoliciesInForce policies =
                new PoliciesInForce(store, engine, PROPERTIES, trail, random, clock, PoliciesFixture::terms);
        policies.reload();
        return policies;
    }

    static Terms terms(Plan plan, Detection engine) {
        return Terms.of(plan, engine, AnswerPolicy.KEEP_ALL);
    }

    static StoredPolicy published(PoliciesInForce policies, String tenant, long expected, String document)
            throws Exception {
        return ((Outcome.Published) policies.publish(tenant, expected, document, "guardian")).policy();
    }

    static Treatment email(PoliciesInForce policies, String tenant) throws ExchangeRefused {
        return policies.terms(tenant, "internal")
                .plan()
                .treatment(ENTITIES.stream()
                        .filter(entity -> entity.name().equals("EMAIL"))
                        .findFirst()
                        .orElseThrow());
    }

    static void assertRefused(PoliciesInForce policies, String tenant) {
        assertThatThrownBy(() -> policies.terms(tenant, "internal"))
                .isInstanceOfSatisfying(
                        ExchangeRefused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.POLICY_UNAVAILABLE));
    }

    LocalKeyManagement keys(String keyset) {
        return LocalKeyManagement.open(home.resolve(keyset), Passphrase.read(home.resolve("passphrase")), random);
    }

    AuditTrail trail(String spool) {
        return AuditTrail.open(
                AuditSettings.of(
                        new TrustDomain("postern.local").idOf("redaction-service"),
                        home.resolve(spool),
                        URI.create("https://localhost:1")),
                HttpClient.newHttpClient(),
                Clock.systemUTC());
    }

    String recorded() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(home.resolve("spool"))) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                all.append(new String(Files.readAllBytes(each), StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }
}

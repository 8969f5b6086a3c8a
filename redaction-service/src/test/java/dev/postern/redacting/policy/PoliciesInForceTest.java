package dev.postern.redacting.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.audit.AuditSettings;
import dev.postern.audit.AuditTrail;
import dev.postern.audit.AuditUnavailable;
import dev.postern.identity.TrustDomain;
import dev.postern.kms.KeyName;
import dev.postern.kms.LocalKeyManagement;
import dev.postern.kms.Passphrase;
import dev.postern.kms.WrappedSetFiles;
import dev.postern.redact.detection.Detection;
import dev.postern.redact.detection.DetectionSettings;
import dev.postern.redact.entity.Entity;
import dev.postern.redact.policy.Plan;
import dev.postern.redact.policy.PolicyProblem;
import dev.postern.redact.policy.PolicyRejected;
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
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.json.JsonMapper;

final class PoliciesInForceTest {
    private static final Detection DETECTION = Detection.standard();
    private static final Collection<Entity> ENTITIES = DETECTION.entities();
    private static final PolicyProperties PROPERTIES = new PolicyProperties(
            Duration.ofMillis(500), Duration.ofMinutes(10), DataSize.ofKilobytes(16), DataSize.ofKilobytes(16));
    private static final String KEEPING = "{\"labels\":{\"internal\":{\"actions\":{\"EMAIL\":\"keep\"}}}}";
    private static final String BLOCKING = "{\"labels\":{\"internal\":{\"actions\":{\"EMAIL\":\"block\"},"
            + "\"deny\":{\"CUSTOM\":[\"Project Falcon\"]},\"allow\":[\"Jane Doe\"]}}}";
    private static final String PACK = """
            {"entities": {"CUSTOM_STAFF": {"kind": "STAFF", "action": "pseudonymise"}},
             "keys": {"CUSTOM_STAFF": ["staff no"]},
             "rules": [{"id": "staff", "entity": "CUSTOM_STAFF", "pattern": "EMP-\\\\d{6}", "score": 0.9,
                        "examples": ["is «EMP-004711» in?"], "counter-examples": ["EMP-1"]}]}
            """;
    private static final String WITH_PACK = "{\"labels\":{\"internal\":{}},\"pack\":" + PACK + "}";

    @TempDir
    Path home;

    private final MutableClock clock = MutableClock.atNoon();
    private final SecureRandom random = new SecureRandom();
    private LocalKeyManagement kms;
    private AuditTrail trail;
    private WrappedSetFiles sets;
    private Path file;

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

    @Test
    void tenantWhenItHasNoPolicyThenWhatTheRulePacksSay() throws Exception {
        PoliciesInForce policies = replica();
        assertThat(email(policies, "acme")).isEqualTo(Treatment.PSEUDONYMISE);
        assertThat(policies.kept("acme")).isEmpty();
    }

    @Test
    void policyWhenPublishedThenInForceForItsTenantAlone() throws Exception {
        PoliciesInForce policies = replica();
        assertThat(published(policies, "acme", 0, KEEPING).version()).isEqualTo(1);
        assertThat(email(policies, "acme")).isEqualTo(Treatment.KEEP);
        assertThat(email(policies, "other")).isEqualTo(Treatment.PSEUDONYMISE);
        assertThat(published(policies, "acme", 1, BLOCKING).version()).isEqualTo(2);
        assertThat(email(policies, "acme")).isEqualTo(Treatment.BLOCK);
        assertThat(replica().kept("acme")).hasValueSatisfying(kept -> {
            assertThat(kept.version()).isEqualTo(2);
            assertThat(kept.document()).isEqualTo(BLOCKING);
            assertThat(kept.author()).isEqualTo("guardian");
        });
    }

    @Test
    void packOfAPolicyWhenPublishedThenItLooksForItsTenantAlone() throws Exception {
        PoliciesInForce policies = replica();
        PoliciesInForce other = replica();
        published(policies, "acme", 0, WITH_PACK);
        other.reload();
        for (PoliciesInForce each : List.of(policies, other, replica())) {
            assertThat(found(each, "acme", "is EMP-004711 in?")).containsExactly("CUSTOM_STAFF");
            assertThat(found(each, "umbrella", "is EMP-004711 in?")).isEmpty();
        }
        Terms underWay = other.terms("acme", "internal");
        published(policies, "acme", 1, KEEPING);
        other.reload();
        assertThat(found(other, "acme", "is EMP-004711 in?")).isEmpty();
        assertThat(found(underWay, "is EMP-004711 in?"))
                .as("an exchange keeps what it began with")
                .containsExactly("CUSTOM_STAFF");
    }

    @Test
    void packWhenItIsWrongThenNothingChangesAndNothingIsRecorded() throws Exception {
        PoliciesInForce policies = replica();
        published(policies, "acme", 0, WITH_PACK);
        assertThatThrownBy(() -> published(policies, "acme", 1, WITH_PACK.replace("EMP-1", "EMP-100000")))
                .isInstanceOfSatisfying(
                        PolicyRejected.class,
                        rejected -> assertThat(rejected.problems())
                                .containsExactly(new PolicyProblem(
                                        "/pack", "Rule staff finds something in its counter-example 1.")));
        assertThat(policies.kept("acme"))
                .hasValueSatisfying(kept -> assertThat(kept.version()).isEqualTo(1));
        assertThat(found(policies, "acme", "is EMP-004711 in?")).containsExactly("CUSTOM_STAFF");
        assertThat(recorded()).containsOnlyOnce("dev.postern.redaction.policy-published");
    }

    /// An engine that has learnt to find what a tenant's rules find does not lock the tenant out.
    @Test
    void packWhenItWasKeptThenANewerEngineTakesItWhateverBecameOfItsKeys() throws Exception {
        published(replica(), "acme", 0, WITH_PACK);
        Detection newer = DETECTION.with(new JsonMapper().readTree("""
                {"entities": {"CUSTOM_BADGE": {"kind": "BADGE", "action": "pseudonymise"}},
                 "keys": {"CUSTOM_BADGE": ["staff no"]},
                 "rules": [{"id": "staff", "entity": "CUSTOM_BADGE", "pattern": "EMP-\\\\d{4,6}", "score": 1,
                            "examples": ["«EMP-0815»"]}]}
                """));
        PoliciesInForce policies = replica(new SealedPolicies(kms, sets), newer);
        assertThat(policies.unreadable()).isZero();
        Terms terms = policies.terms("acme", "internal");
        assertThat(terms.prompts().detection().detect("4711", "staffNo", terms.plan()))
                .singleElement()
                .satisfies(span -> assertThat(span.entity().name()).isEqualTo("CUSTOM_BADGE"));
        assertThatThrownBy(() -> policies.parse(WITH_PACK))
                .as("a new one is told")
                .isInstanceOf(PolicyRejected.class)
                .hasMessageContaining("means an entity already");
    }

    /// A kind that is a tenant's own means its own, whatever gets that kind later.
    @Test
    void kindOfATenantWhenAPackOfTheDeploymentGivesItToASecretThenThatIsNotMeant() throws Exception {
        published(replica(), "acme", 0, WITH_PACK.replace("{}", "{\"actions\":{\"STAFF\":\"keep\"}}"));
        Path pack = Files.writeString(home.resolve("pins.yml"), """
                entities: {STAFF_PIN: {kind: STAFF, action: remove}}
                rules: [{id: staff-pin, entity: STAFF_PIN, pattern: 'PIN\\d{4}', score: 0.9, examples: ['«PIN0815»']}]
                """);
        Detection newer = Detection.standard(DetectionSettings.STANDARD.withPacks(List.of(pack)));
        PoliciesInForce policies = replica(new SealedPolicies(kms, sets), newer);
        assertThat(policies.unreadable()).isZero();
        Terms terms = policies.terms("acme", "internal");
        assertThat(terms.plan().treatment(terms.prompts().detection().entity("CUSTOM_STAFF")))
                .isEqualTo(Treatment.KEEP);
        assertThat(terms.plan().treatment(terms.prompts().detection().entity("STAFF_PIN")))
                .isEqualTo(Treatment.REMOVE);
    }

    /// Whatever is wrong with one tenant's, the others' are read.
    @Test
    void policyWhenNothingCanBeMadeOfItThenItIsNotKeptAndOneThatWasHurtsItsTenantAlone() throws Exception {
        published(replica(), "acme", 0, WITH_PACK);
        published(replica(), "other", 0, KEEPING);
        for (Throwable failure : List.of(new IllegalStateException("broke on Falcon"), new StackOverflowError())) {
            PoliciesInForce policies = new PoliciesInForce(
                    new SealedPolicies(kms, sets), DETECTION, PROPERTIES, trail, random, clock, (plan, engine) -> {
                        if (engine.entities().size() > DETECTION.entities().size()) {
                            PoliciesInForceTest.<RuntimeException>rethrow(failure);
                        }
                        return terms(plan, engine);
                    });
            policies.reload();
            assertRefused(policies, "acme");
            assertThat(policies.unreadable()).isEqualTo(1);
            assertThat(email(policies, "other")).isEqualTo(Treatment.KEEP);
            assertThatThrownBy(() -> policies.publish("third", 0, WITH_PACK, "guardian"))
                    .isSameAs(failure);
            assertThat(replica().kept("third")).isEmpty();
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void rethrow(Throwable failure) throws T {
        throw (T) failure;
    }

    private static List<String> found(PoliciesInForce policies, String tenant, String text) throws ExchangeRefused {
        return found(policies.terms(tenant, "internal"), text);
    }

    private static List<String> found(Terms terms, String text) {
        return terms.prompts().detection().detect(text, "", terms.plan()).stream()
                .map(span -> span.entity().name())
                .toList();
    }

    @Test
    void publicationWhenAnotherVersionIsThereThenRefused() throws Exception {
        PoliciesInForce policies = replica();
        assertThat(policies.publish("acme", 1, KEEPING, "guardian")).isEqualTo(new Outcome.Overtaken(0));
        published(policies, "acme", 0, KEEPING);
        assertThat(policies.publish("acme", 0, BLOCKING, "guardian")).isEqualTo(new Outcome.Overtaken(1));
        assertThat(policies.publish("acme", 7, BLOCKING, "guardian")).isEqualTo(new Outcome.Overtaken(1));
        assertThat(email(policies, "acme")).isEqualTo(Treatment.KEEP);
    }

    @Test
    void policyWhenWithdrawnThenTheStandardOneCountsEverywhereAndVersionsGoOn() throws Exception {
        PoliciesInForce policies = replica();
        PoliciesInForce other = replica();
        assertThat(policies.withdraw("acme", 1, "guardian")).isEqualTo(new Outcome.Overtaken(0));
        published(policies, "acme", 0, BLOCKING);
        published(policies, "other", 0, KEEPING);
        assertThat(policies.withdraw("acme", 2, "guardian")).isEqualTo(new Outcome.Overtaken(1));
        assertThat(policies.withdraw("acme", 1, "guardian")).isEqualTo(new Outcome.Withdrawn(2));
        other.reload();
        for (PoliciesInForce each : List.of(policies, other, replica())) {
            assertThat(email(each, "acme")).isEqualTo(Treatment.PSEUDONYMISE);
            assertThat(email(each, "other")).isEqualTo(Treatment.KEEP);
            assertThat(each.kept("acme")).isEmpty();
        }
        assertThat(recorded()).contains("dev.postern.redaction.policy-withdrawn");
        assertThat(policies.withdraw("acme", 2, "guardian")).isEqualTo(new Outcome.Overtaken(0));
        assertThat(published(other, "acme", 0, KEEPING).version()).isEqualTo(3);
        assertThat(policies.withdraw("acme", 3, "guardian")).isEqualTo(new Outcome.Withdrawn(4));
        assertThat(published(replica(), "acme", 0, KEEPING).version()).isEqualTo(5);
    }

    @Test
    void withdrawalWhenItCannotBePutOnRecordThenItDoesNotHappen() throws Exception {
        PoliciesInForce policies = replica();
        published(policies, "acme", 0, BLOCKING);
        trail.close();
        assertThatThrownBy(() -> policies.withdraw("acme", 1, "guardian")).isInstanceOf(AuditUnavailable.class);
        assertThat(email(policies, "acme")).isEqualTo(Treatment.BLOCK);
    }

    @Test
    void policyWhenNotInOrderThenNothingChangesAndNothingIsOnRecord() throws Exception {
        PoliciesInForce policies = replica();
        assertThatThrownBy(() -> policies.publish("acme", 0, "{\"labels\":{}}", "guardian"))
                .isInstanceOf(PolicyRejected.class);
        assertThat(file).doesNotExist();
        assertThat(recorded()).doesNotContain("policy-published");
    }

    @Test
    void publicationsWhenAtTheSameTimeOnTwoReplicasThenOneOfEachVersion() throws Exception {
        List<PoliciesInForce> replicas = List.of(replica(), replica());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (long expected = 0; expected < 3; expected++) {
                long seen = expected;
                List<Callable<Outcome>> calls = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    PoliciesInForce replica = replicas.get(i % 2);
                    calls.add(() -> replica.publish("acme", seen, KEEPING, "guardian"));
                    // Others change theirs meanwhile, in the same file.
                    String other = "other-" + i;
                    calls.add(() -> replica.publish(other, seen, KEEPING, "guardian"));
                }
                List<Outcome> outcomes = new ArrayList<>();
                for (Future<Outcome> call : threads.invokeAll(calls)) {
                    outcomes.add(call.get());
                }
                assertThat(outcomes.stream()
                                .filter(Outcome.Published.class::isInstance)
                                .map(outcome -> ((Outcome.Published) outcome).policy())
                                .filter(policy -> policy.tenant().equals("acme")))
                        .singleElement()
                        .satisfies(policy -> assertThat(policy.version()).isEqualTo(seen + 1));
                assertThat(outcomes.stream().filter(Outcome.Published.class::isInstance))
                        .as("and all of the others")
                        .hasSize(9);
            }
        }
    }

    @Test
    void replicaWhenAnotherOnePublishedThenFollowsAtItsNextLook() throws Exception {
        PoliciesInForce one = replica();
        PoliciesInForce other = replica();
        published(one, "acme", 0, KEEPING);
        assertThat(email(other, "acme")).isEqualTo(Treatment.PSEUDONYMISE);
        other.reload();
        assertThat(email(other, "acme")).isEqualTo(Treatment.KEEP);
        assertThat(other.tenants()).isEqualTo(1);
    }

    @Test
    void replicaWhenItLooksAsOftenAsItDoesByDefaultThenFollowsWithinASecond() throws Exception {
        PoliciesInForce one = replica();
        PoliciesInForce other = replica();
        try (PolicyReload _ = new PolicyReload(other, PROPERTIES.reload())) {
            published(one, "acme", 0, KEEPING);
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(10))
                    .atMost(Duration.ofSeconds(1))
                    .until(() -> email(other, "acme") == Treatment.KEEP);
        }
    }

    @Test
    void keptPoliciesWhenTheyCannotBeReadAtTheStartThenEverythingIsRefused() throws Exception {
        published(replica(), "acme", 0, KEEPING);
        byte[] sealed = Files.readAllBytes(file);
        byte[] altered = sealed.clone();
        altered[altered.length - 5] ^= 1;
        Files.write(file, altered);
        PoliciesInForce policies = replica();
        assertRefused(policies, "acme");
        assertRefused(policies, "never-had-one");
        assertThat(policies.unreadable()).isPositive();
        assertThatThrownBy(() -> policies.publish("acme", 0, KEEPING, "guardian"))
                .isInstanceOf(RuntimeException.class);
        assertThat(Files.readAllBytes(file)).as("left alone").isEqualTo(altered);

        Files.write(file, sealed);
        policies.reload();
        assertThat(email(policies, "acme")).isEqualTo(Treatment.KEEP);
        assertThat(policies.unreadable()).isZero();
    }

    @Test
    void keptPoliciesWhenTheyCannotBeReadAnyMoreThenThoseInMemoryCountForAWhile() throws Exception {
        PoliciesInForce policies = replica();
        published(policies, "acme", 0, BLOCKING);
        byte[] sealed = Files.readAllBytes(file);
        Files.delete(file);
        policies.reload();
        clock.advance(Duration.ofMinutes(9));
        policies.reload();
        assertThat(email(policies, "acme")).isEqualTo(Treatment.BLOCK);
        assertThat(policies.unreadable()).isPositive();
        clock.advance(Duration.ofMinutes(2));
        policies.reload();
        assertRefused(policies, "acme");
        assertRefused(policies, "other");
        Files.write(file, sealed);
        policies.reload();
        assertThat(email(policies, "acme")).isEqualTo(Treatment.BLOCK);
    }

    @Test
    void keptPoliciesWhenOlderOnesAreInTheirPlaceThenNotTakenOver() throws Exception {
        PoliciesInForce policies = replica();
        published(policies, "acme", 0, KEEPING);
        byte[] older = Files.readAllBytes(file);
        published(policies, "acme", 1, BLOCKING);
        Files.write(file, older);
        policies.reload();
        assertThat(email(policies, "acme")).isEqualTo(Treatment.BLOCK);
        assertThat(policies.unreadable()).isPositive();
    }

    @Test
    void tenantsPolicyWhenThisVersionCannotReadItThenThatTenantIsRefused() throws Exception {
        PoliciesInForce newer = replica(new SealedPolicies(kms, sets), DETECTION.with(new JsonMapper().readTree(PACK)));
        published(newer, "acme", 0, "{\"labels\":{\"internal\":{\"actions\":{\"CUSTOM_STAFF\":\"keep\"}}}}");
        published(newer, "other", 0, "{\"labels\":{\"internal\":{}}}");
        PoliciesInForce older = replica();
        assertRefused(older, "acme");
        assertThat(older.terms("other", "")).isNotNull();
        assertThat(older.unreadable()).isEqualTo(1);
        assertThat(older.kept("acme")).as("to be put right").isPresent();
        published(older, "acme", 1, "{\"labels\":{\"internal\":{}}}");
        assertThat(older.terms("acme", "")).isNotNull();
    }

    @Test
    void keptPoliciesWhenOfAnotherKeyManagementThenRefused() throws Exception {
        published(replica(), "acme", 0, KEEPING);
        try (LocalKeyManagement others = keys("other.json")) {
            others.wrap(KeyName.wrapping("redaction-policies"), new byte[1], new byte[1]);
            PoliciesInForce policies = replica(new SealedPolicies(others, sets));
            assertRefused(policies, "acme");
        }
    }

    @Test
    void listsWhenPublishedThenSealedOnDiskAndNowhereElse() throws Exception {
        PoliciesInForce policies = replica();
        StoredPolicy first = published(policies, "acme", 0, BLOCKING);
        StoredPolicy same = published(policies, "acme", 1, BLOCKING);
        assertThat(first
                        + policies.policy("acme").toString()
                        + policies.terms("acme", "").plan())
                .doesNotContain("Falcon", "Jane");
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                .doesNotContain("Falcon", "Jane", "EMAIL", "acme");
        assertThat(recorded())
                .contains("dev.postern.redaction.policy-published", "acme", "guardian", first.digest())
                .doesNotContain("Falcon", "Jane", first.salt());
        assertThat(same.digest())
                .as("no telling from digests that texts are equal")
                .isNotEqualTo(first.digest());
        assertThat(first.digest())
                .isEqualTo(Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(MessageDigest.getInstance("SHA-256")
                                .digest((first.salt() + BLOCKING).getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void publicationWhenItCannotBePutOnRecordThenItDoesNotHappen() throws Exception {
        PoliciesInForce policies = replica();
        trail.close();
        assertThatThrownBy(() -> policies.publish("acme", 0, KEEPING, "guardian"))
                .isInstanceOf(AuditUnavailable.class);
        assertThat(file).doesNotExist();
        assertThat(email(policies, "acme")).isEqualTo(Treatment.PSEUDONYMISE);
    }

    @Test
    void policiesWhenTogetherTooLargeThenTheLastIsRefused() throws Exception {
        PoliciesInForce policies = replica();
        String large = "{\"labels\":{\"internal\":{\"deny\":{\"CUSTOM\":[\"" + "x".repeat(100) + "\""
                + (",\"" + "y".repeat(100) + "\"").repeat(100) + "]}}}}";
        published(policies, "acme", 0, large);
        assertThat(policies.publish("other", 0, large, "guardian")).isEqualTo(new Outcome.NoRoom());
        assertThat(policies.tenants()).isEqualTo(1);
    }

    @Test
    void wrappingKeyWhenRotatedThenTheSetIsMovedToItsNewestVersion() throws Exception {
        PoliciesInForce policies = replica();
        SealedPolicies sealed = new SealedPolicies(kms, sets);
        assertThat(sealed.renew()).as("nothing there yet").isZero();
        published(policies, "acme", 0, KEEPING);
        int newest = kms.rotate(sealed.wrapping()).newest();
        assertThat(sealed.renew()).isEqualTo(1);
        assertThat(sealed.renew()).isZero();
        var _ = kms.destroyBefore(sealed.wrapping(), newest);
        policies.reload();
        assertThat(policies.unreadable()).isZero();
        assertThat(email(replica(), "acme")).isEqualTo(Treatment.KEEP);
    }

    private PoliciesInForce replica() {
        return replica(new SealedPolicies(kms, sets));
    }

    private PoliciesInForce replica(SealedPolicies store) {
        return replica(store, DETECTION);
    }

    private PoliciesInForce replica(SealedPolicies store, Detection engine) {
        PoliciesInForce policies =
                new PoliciesInForce(store, engine, PROPERTIES, trail, random, clock, PoliciesInForceTest::terms);
        policies.reload();
        return policies;
    }

    private static Terms terms(Plan plan, Detection engine) {
        return Terms.of(plan, engine, AnswerPolicy.KEEP_ALL);
    }

    private static StoredPolicy published(PoliciesInForce policies, String tenant, long expected, String document)
            throws Exception {
        return ((Outcome.Published) policies.publish(tenant, expected, document, "guardian")).policy();
    }

    private static Treatment email(PoliciesInForce policies, String tenant) throws ExchangeRefused {
        return policies.terms(tenant, "internal")
                .plan()
                .treatment(ENTITIES.stream()
                        .filter(entity -> entity.name().equals("EMAIL"))
                        .findFirst()
                        .orElseThrow());
    }

    private static void assertRefused(PoliciesInForce policies, String tenant) {
        assertThatThrownBy(() -> policies.terms(tenant, "internal"))
                .isInstanceOfSatisfying(
                        ExchangeRefused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.POLICY_UNAVAILABLE));
    }

    private LocalKeyManagement keys(String keyset) {
        return LocalKeyManagement.open(home.resolve(keyset), Passphrase.read(home.resolve("passphrase")), random);
    }

    private AuditTrail trail(String spool) {
        return AuditTrail.open(
                AuditSettings.of(
                        new TrustDomain("postern.local").idOf("redaction-service"),
                        home.resolve(spool),
                        URI.create("https://localhost:1")),
                HttpClient.newHttpClient(),
                Clock.systemUTC());
    }

    private String recorded() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(home.resolve("spool"))) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                all.append(new String(Files.readAllBytes(each), StandardCharsets.ISO_8859_1));
            }
        }
        return all.toString();
    }
}

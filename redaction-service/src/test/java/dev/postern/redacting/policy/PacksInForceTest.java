package dev.postern.redacting.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.redact.detection.Detection;
import dev.postern.redact.detection.DetectionSettings;
import dev.postern.redact.policy.PolicyProblem;
import dev.postern.redact.policy.PolicyRejected;
import dev.postern.redact.policy.Treatment;
import dev.postern.redacting.engine.ExchangeRefused;
import dev.postern.redacting.engine.Terms;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// Tenants' own rule packs, which come into force with their policies.
final class PacksInForceTest extends PoliciesFixture {
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
                            PacksInForceTest.<RuntimeException>rethrow(failure);
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
}

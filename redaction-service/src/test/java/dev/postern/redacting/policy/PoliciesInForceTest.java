package dev.postern.redacting.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.audit.AuditUnavailable;
import dev.postern.kms.KeyName;
import dev.postern.kms.LocalKeyManagement;
import dev.postern.redact.policy.PolicyRejected;
import dev.postern.redact.policy.Treatment;
import dev.postern.redacting.policy.PoliciesInForce.Outcome;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

final class PoliciesInForceTest extends PoliciesFixture {
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
}

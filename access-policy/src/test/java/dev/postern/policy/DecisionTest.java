package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.policy.Facts.Client;
import dev.postern.policy.Facts.Request;
import dev.postern.policy.Facts.Token;
import dev.postern.policy.RuleOutcome.Outcome;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecisionTest {

    private static final String ROLES = """
            {"roles":{
               "analyst":{"scopes":["llm:invoke"],"models":["simulator-*"],"topics":["orders.*"]},
               "auditor":{"scopes":["audit:read"]}},
             "rules":[{"id":"all","effect":"allow","when":"true"}]}""";

    @Test
    void denyWinsOverAllowsInWhateverOrder() {
        assertThat(Policies.rules("a allow true", "b deny request.model == 'simulator-small'", "c allow true")
                        .decide(Phase.SESSION, Policies.facts()))
                .isEqualTo(new Decision(false, "b"));
    }

    @Test
    void firstDenyThatMatchesIsNamed() {
        assertThat(Policies.rules("a deny false", "b deny true", "c deny true").decide(Phase.SESSION, Policies.facts()))
                .isEqualTo(new Decision(false, "b"));
    }

    @Test
    void whatNothingAllowsIsDenied() {
        assertThat(Policies.rules("a allow false").decide(Phase.SESSION, Policies.facts()))
                .isEqualTo(new Decision(false, Decision.NO_ALLOW));
        assertThat(Policies.of("{}").decide(Phase.ISSUE, Policies.facts()))
                .isEqualTo(new Decision(false, Decision.NO_ALLOW));
    }

    @Test
    void defaultPolicyAllowsAndContainsWhatIsBeyondDoubt() {
        CompiledPolicy policy = Policies.of(PolicySet.DEFAULT_JSON);
        for (Phase phase : Phase.values()) {
            assertThat(policy.decide(phase, Policies.facts())).isEqualTo(new Decision(true, "allow-all"));
        }
        assertThat(policy.containment(Policies.facts())).isEmpty();
        assertThat(policy.containment(Policies.facts().with(new Facts.Anomaly(0.95, 0.95, 0, 0, 0))))
                .contains(new Containment("beyond-doubt", Containment.Action.REVOKE_SESSION));
    }

    @Test
    void rulesAreAskedInTheirPhasesOnly() {
        CompiledPolicy policy = Policies.of("""
                {"rules":[{"id":"no-issue","effect":"deny","phases":["issue"],"when":"true"},
                          {"id":"all","effect":"allow","when":"true"}]}""");
        assertThat(policy.decide(Phase.ISSUE, Policies.facts()).allowed()).isFalse();
        assertThat(policy.decide(Phase.SESSION, Policies.facts()).allowed()).isTrue();
        assertThat(policy.explain(Phase.SESSION, Policies.facts()).rules())
                .extracting(RuleOutcome::id)
                .doesNotContain("no-issue");
    }

    @Test
    void denyThatFailsDeniesAndAllowThatFailsDoesNotAllow() {
        assertThat(Policies.rules("a deny 1 / quota.requests_left == -1", "b allow true")
                        .decide(Phase.SESSION, Policies.facts().with(new Facts.Quota(0, -1, -1))))
                .isEqualTo(new Decision(false, "a"));
        assertThat(Policies.rules("a allow 1 / quota.requests_left == -1")
                        .decide(Phase.SESSION, Policies.facts().with(new Facts.Quota(0, -1, -1))))
                .isEqualTo(new Decision(false, Decision.NO_ALLOW));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "client.roles[0] == 'x'",
                "9223372036854775807 + token.age_s > 0",
                "token.age_s % 0 == 1",
                "{'a': 1}[request.model] == 1",
                "ipInRange(request.topic, '10.0.0.0/8')"
            })
    void everyKindOfFailureIsAnOutcome(String condition) {
        CompiledPolicy policy = Policies.rules("a deny " + condition, "b allow " + condition);
        assertThat(policy.explain(Phase.SESSION, Policies.facts()).rules().subList(4, 6))
                .extracting(RuleOutcome::outcome)
                .containsExactly(Outcome.FAILED, Outcome.FAILED);
        assertThat(policy.decide(Phase.SESSION, Policies.facts())).isEqualTo(new Decision(false, "a"));
    }

    @Test
    void rolesBoundWhatRulesCanAllow() {
        CompiledPolicy policy = Policies.of(ROLES);
        Facts analyst = as("analyst");
        assertThat(policy.decide(Phase.SESSION, analyst)).isEqualTo(new Decision(true, "all"));
        assertThat(policy.decide(Phase.SESSION, analyst.with(model("gpt-large"))))
                .isEqualTo(new Decision(false, Decision.ROLE_MODEL));
        assertThat(policy.decide(Phase.SESSION, analyst.with(topic("payroll.eu"))))
                .isEqualTo(new Decision(false, Decision.ROLE_TOPIC));
        assertThat(policy.decide(Phase.SESSION, analyst.with(topic("orders.eu")))
                        .allowed())
                .isTrue();
        assertThat(policy.decide(
                        Phase.ISSUE,
                        analyst.with(new Token(
                                0, "inference", List.of("llm:invoke", "topic:publish"), true, "x", List.of()))))
                .isEqualTo(new Decision(false, Decision.ROLE_SCOPE));
    }

    @Test
    void rolesAddUpAndUnknownOnesGrantNothing() {
        CompiledPolicy policy = Policies.of(ROLES);
        assertThat(policy.roles(List.of("analyst", "auditor")).scopes())
                .containsExactlyInAnyOrder("llm:invoke", "audit:read");
        assertThat(policy.decide(Phase.SESSION, as("gone"))).isEqualTo(new Decision(false, Decision.ROLE_SCOPE));
        assertThat(policy.roles(List.of("gone")).allowsModel("simulator-small")).isFalse();
        assertThat(policy.roles(List.of()).allowsModel("anything")).isTrue();
    }

    @Test
    void dataAboveTheClearanceIsDeniedWhenThereIsData() {
        CompiledPolicy policy = Policies.rules("a allow true");
        Facts facts = Policies.facts().with(new Client("reports", "demo", List.of(), Sensitivity.PUBLIC));
        assertThat(policy.decide(Phase.SESSION, facts)).isEqualTo(new Decision(false, Decision.CLEARANCE));
        assertThat(policy.decide(Phase.ISSUE, facts).allowed()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.1.2.3 | 10.0.0.0/8 | true",
                "11.0.0.1 | 10.0.0.0/8 | false",
                "::ffff:10.1.2.3 | 10.0.0.0/8 | true",
                "2001:db8::1 | 2001:db8::/32 | true",
                "2001:db9::1 | 2001:db8::/32 | false",
                "2001:db8::1 | 10.0.0.0/8 | false",
                "10.1.2.3 | 10.1.2.3 | true",
                "10.1.2.3 | 0.0.0.0/0 | true",
            })
    void addressesLieInBlocks(String address, String block, boolean inside) {
        assertThat(Policies.rules("a allow ipInRange(request.address, '" + block + "')")
                        .decide(Phase.SESSION, Policies.facts().with(from(address)))
                        .allowed())
                .isEqualTo(inside);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost", "10.1.2", "fe80::1%eth0", "10.1.2.3/8", "999.1.1.1"})
    void addressThatIsNoneFailsClosedInBothDirections(String address) {
        Facts facts = Policies.facts().with(from(address));
        assertThat(Policies.rules("a allow ipInRange(request.address, '0.0.0.0/0')")
                        .decide(Phase.SESSION, facts)
                        .allowed())
                .isFalse();
        assertThat(Policies.rules("d deny !ipInRange(request.address, '0.0.0.0/0')", "a allow true")
                        .decide(Phase.SESSION, facts))
                .isEqualTo(new Decision(false, "d"));
        assertThat(Policies.rules("d deny ipInRange(request.address, '10.0.0.0/8')", "a allow true")
                        .decide(Phase.SESSION, facts))
                .isEqualTo(new Decision(false, "d"));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-25T18:54:25Z,18,54,3",
        "1970-01-01T00:00:00Z,0,0,4",
        "2026-11-23T23:59:59.999Z,23,59,1",
        "2026-11-22T00:00:00Z,0,0,7",
        "2024-02-29T12:00:00Z,12,0,4",
    })
    void timeIsUtcAndWeeksBeginOnMonday(Instant now, int hour, int minute, int weekday) {
        assertThat(Policies.rules("a allow now.hour == " + hour + " && now.minute == " + minute + " && now.weekday == "
                                + weekday + " && now.epoch_s == " + now.getEpochSecond())
                        .decide(Phase.SESSION, Policies.facts().withTime(now, 0))
                        .allowed())
                .isTrue();
    }

    @Test
    void explanationListsChecksThenDeniesThenAllows() {
        CompiledPolicy policy = Policies.of("""
                {"rules":[
                  {"id":"all","effect":"allow","when":"true","description":"Everything."},
                  {"id":"broken","effect":"allow","when":"1 / 0 == 1"},
                  {"id":"nights","effect":"deny","when":"now.hour < 7 || now.hour >= 18","description":"Nobody works at night."},
                  {"id":"batch","effect":"deny","when":"request.latency_class == 'batch'"}]}""");
        Explanation explanation = policy.explain(Phase.SESSION, Policies.facts());
        assertThat(explanation.decision()).isEqualTo(new Decision(false, "nights"));
        assertThat(explanation.rules())
                .extracting(RuleOutcome::id, RuleOutcome::outcome)
                .map(Object::toString)
                .containsExactly(
                        "(\"postern:role-scope\", NOT_MATCHED)",
                        "(\"postern:role-model\", NOT_MATCHED)",
                        "(\"postern:role-topic\", NOT_MATCHED)",
                        "(\"postern:clearance\", NOT_MATCHED)",
                        "(\"nights\", MATCHED)",
                        "(\"batch\", NOT_MATCHED)",
                        "(\"all\", MATCHED)",
                        "(\"broken\", FAILED)");
        assertThat(explanation.rules().get(4).description()).isEqualTo("Nobody works at night.");
    }

    @Test
    void strongestContainmentWinsAndOneThatFailsDoesNothing() {
        CompiledPolicy policy = Policies.of("""
                {"containment":[
                  {"id":"broken","when":"1 / 0 == 1","action":"revoke-client"},
                  {"id":"again","when":"anomaly.score >= 0.5","action":"reissue"},
                  {"id":"first","when":"anomaly.aead_failures > 0.9","action":"revoke-session"},
                  {"id":"second","when":"anomaly.aead_failures > 0.9","action":"revoke-session"}]}""");
        assertThat(policy.containment(Policies.facts())).isEmpty();
        assertThat(policy.containment(Policies.facts().with(new Facts.Anomaly(0.6, 0.6, 0, 0, 0))))
                .contains(new Containment("again", Containment.Action.REISSUE));
        assertThat(policy.containment(Policies.facts().with(new Facts.Anomaly(1, 0, 0, 1, 0))))
                .contains(new Containment("first", Containment.Action.REVOKE_SESSION));
    }

    @Test
    void limitsApplyByNameAndAreCountedPerClientOrTenant() {
        CompiledPolicy policy = Policies.of("""
                {"limits":[
                  {"id":"each","tenant":"demo","requests_per_minute":10},
                  {"id":"together","tenant":"demo","per":"tenant","spend_micros_per_day":5},
                  {"id":"large","model":"gpt-*","concurrent":1}]}""");
        assertThat(policy.limitsFor("demo", "reports", "simulator-small"))
                .extracting(limit -> limit.bucket("reports"))
                .containsExactly("each:reports", "together");
        assertThat(policy.limitsFor("other", "reports", "gpt-large"))
                .extracting(Limit::id)
                .containsExactly("large");
    }

    @Test
    void mostSpecificPriceCounts() {
        CompiledPolicy policy = Policies.of("""
                {"prices":[
                  {"model":"*","input_micros_per_million":1,"output_micros_per_million":1},
                  {"model":"sim-*","input_micros_per_million":2,"output_micros_per_million":2},
                  {"model":"sim-large","input_micros_per_million":3,"output_micros_per_million":3},
                  {"model":"sim-large-*","input_micros_per_million":4,"output_micros_per_million":4}]}""");
        assertThat(policy.priceOf("sim-large").orElseThrow().inputMicrosPerMillion())
                .isEqualTo(3);
        assertThat(policy.priceOf("sim-large-2").orElseThrow().inputMicrosPerMillion())
                .isEqualTo(4);
        assertThat(policy.priceOf("sim-small").orElseThrow().inputMicrosPerMillion())
                .isEqualTo(2);
        assertThat(policy.priceOf("x").orElseThrow().inputMicrosPerMillion()).isEqualTo(1);
        assertThat(Policies.of("{}").priceOf("x")).isEmpty();
    }

    @Test
    void pricesAreRoundedUpAndDoNotTurnOver() {
        Price price = new Price("x", 150_000, 600_000);
        assertThat(price.micros(1_000_000, 0)).isEqualTo(150_000);
        assertThat(price.micros(1, 0)).isEqualTo(1);
        assertThat(price.micros(10, 10)).isEqualTo(8);
        assertThat(price.micros(0, 0)).isZero();
        assertThat(new Price("x", 1_000_000_000_000_000L, 0).micros(Long.MAX_VALUE, 0))
                .isEqualTo(Long.MAX_VALUE);
    }

    private static Facts as(String role) {
        return Policies.facts().with(new Client("reports", "demo", List.of(role), Sensitivity.CONFIDENTIAL));
    }

    private static Request from(String address) {
        return new Request("", "", "", LatencyClass.INTERACTIVE, Sensitivity.INTERNAL, address, "", false);
    }

    private static Request model(String model) {
        return new Request(model, "", "", LatencyClass.INTERACTIVE, Sensitivity.INTERNAL, "", "", false);
    }

    private static Request topic(String topic) {
        return new Request("", "", topic, LatencyClass.INTERACTIVE, Sensitivity.INTERNAL, "", "", false);
    }
}

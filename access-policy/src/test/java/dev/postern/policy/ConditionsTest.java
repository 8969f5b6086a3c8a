package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.policy.RuleOutcome.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionsTest {

    private static final Conditions CONDITIONS = Policies.CONDITIONS;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true",
                "phase == 'session'",
                "client.id == 'reports' && client.tenant.startsWith('de')",
                "'analyst' in client.roles || size(client.roles) == 0",
                "client.sensitivity_clearance in ['confidential', 'restricted']",
                "token.age_s < 300 && token.use == 'inference' && token.bound",
                "token.scopes.exists(s, s.startsWith('llm:'))",
                "token.actors.all(a, a != 'stranger') && token.subject == client.id",
                "token.scopes.exists_one(s, s == 'llm:invoke')",
                "size(token.scopes.filter(s, s.contains(':'))) == 1",
                "'llm:invoke!' in token.scopes.map(s, s + '!')",
                "request.model.endsWith('small') && request.operation == 'chat.completions' && request.topic == ''",
                "request.latency_class == 'interactive' && request.sensitivity == 'internal'",
                "ipInRange(request.address, '10.0.0.0/8') && request.region == 'eu' && request.streamed",
                "quota.requests_left == -1 && quota.model_tokens_left < 0 && quota.spend_left_micros <= 0",
                "anomaly.score < 1 && anomaly.usage <= 0.0 && anomaly.region_drift == 0.0",
                "anomaly.aead_failures * 2.0 < 0.5 && -anomaly.sequence_gaps >= 0.0",
                "now.hour >= 18 && now.minute == 54 && now.weekday == 3 && now.epoch_s > 0",
                "(now.hour + 1) % 24 == 19 && now.hour * 60 - now.minute / 2 > 0",
                "{'demo': 'eu', 'other': 'us'}[client.tenant] == request.region",
                "request.streamed ? client.tenant == 'demo' : false",
                "[['llm:invoke'], ['audit:read']].exists(set, set.all(s, s in token.scopes))",
            })
    void everyVariableAndOperatorWorks(String text) {
        assertThat(compiled(text).evaluate(new FactVariables(Phase.SESSION, Policies.facts())))
                .isEqualTo(Outcome.MATCHED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "client | undeclared",
                "client.name == 'x' | undeclared",
                "has(client.id) | undeclared",
                "token.age_s == 'x' | no matching overload",
                "token.age_s + 1.0 > 0.0 | no matching overload",
                "token.age_s | expected type 'bool'",
                "'true' | expected type 'bool'",
                "true && | mismatched input",
                "1 == 1 true | extraneous input",
                "request.model.matches('a*') | undeclared",
                "timestamp('2026-01-01T00:00:00Z') > timestamp('2025-01-01T00:00:00Z') | undeclared",
                "type(1) == int | undeclared",
                "dyn(1) == 1 | undeclared",
                "int('1') == 1 | undeclared",
                "system('x') | undeclared",
                "ipInRange(request.address) | no matching overload",
                "ipInRange(request.address, client.id) | written as a literal",
                "ipInRange(request.address, '10.0.0.0/' + '8') | written as a literal",
                "ipInRange(request.address, '10.0.0.1/8') | a block like",
                "ipInRange(request.address, 'localhost') | a block like",
                "token.scopes.exists(s, ipInRange(s, 'x')) | a block like",
                "[1, 'a'].exists(x, x == 1) | no plain type",
                "null == null | no plain type",
                "b'a' == b'a' | no plain type",
                "1u == 1u | no plain type",
                "{'a': 1, 2: 'b'} == {} | no plain type",
            })
    void whatIsNotTheLanguageIsRefusedInOneSentence(String text, String part) {
        assertThat(refused(text)).allSatisfy(problem -> {
            assertThat(problem.path()).isEqualTo("/rules/3/when");
            assertThat(problem.sentence()).contains(part).endsWith(".").doesNotContain("\n");
        });
    }

    @Test
    void placeOfAnErrorIsNamed() {
        assertThat(refused("true &&\n  nothing"))
                .extracting(Problem::sentence)
                .containsExactly("The condition is wrong at line 2, column 3: undeclared reference to 'nothing'"
                        + " (in container '').");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token.scopes.all(a, token.scopes.all(b, a == b))",
                "token.scopes.map(a, token.scopes.map(b, a + b)).exists(l, l.exists(s, s == ''))",
                "token.scopes.exists(a, client.roles.exists(b, token.actors.exists(c, a + b == c)))",
                "(token.scopes + token.scopes + token.scopes + token.scopes).exists(s, s.contains('x'))",
                "token.scopes.exists(s, s + s + s + s + s + s + s + s + s + s + s + s + s + s + s + s == s)",
                "token.scopes.exists(s, token.scopes.filter(t, t == s).exists(u, u == 'x'))",
            })
    void conditionThatCouldCostTooMuchIsRefused(String text) {
        assertThat(refused(text)).extracting(Problem::sentence).allMatch(sentence -> sentence.contains("could cost"));
    }

    @Test
    void loopsOverLiteralsAreChargedWhatTheyHold() {
        String three = "[1, 2, 3].exists(a, [1, 2, 3].exists(b, a == b))";
        assertThat(compiled(three).cost()).isBetween(50.0, 300.0);
        assertThat(refused(IntStream.range(0, 40)
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining(
                                ",", "[", "].exists(a, [1, 2, 3, 4, 5, 6, 7, 8].exists(b, a == b))"))))
                .isNotEmpty();
    }

    /// Judging a condition must not itself be the expensive part.
    @Test
    void longChainsOfLoopsAreJudgedAtOnce() {
        assertThat(refused("size([1]" + ".map(a, [a, a])".repeat(60) + ") == 1"))
                .isNotEmpty();
        assertThat(refused("size(token.scopes" + ".map(a, a)".repeat(90) + ") == 1"))
                .isNotEmpty();
    }

    @Test
    void sizeOfAnExpressionIsBoundedInLengthDepthAndNodes() {
        assertThat(refused("(".repeat(200) + "true" + ")".repeat(200))).isNotEmpty();
        assertThat(refused("true" + " && true".repeat(127) + " ".repeat(8))).isNotEmpty();
        assertThat(refused("true" + " ".repeat(1021))).isNotEmpty();
        assertThat(compiled("true" + " ".repeat(1020)).cost()).isEqualTo(1);
    }

    /// The estimate is the first bound; this is the second, should the first ever be wrong.
    @Test
    void loopThatRunsTooLongFails() {
        Conditions loose = new Conditions(Integer.MAX_VALUE, 50);
        Facts many = Policies.facts()
                .with(new Facts.Token(0, "", Collections.nCopies(64, "llm:invoke"), true, "", List.of()));
        Condition condition = loose.compile("", "token.scopes.all(a, token.scopes.all(b, a == b))", new ArrayList<>())
                .orElseThrow();
        assertThat(condition.evaluate(new FactVariables(Phase.SESSION, many))).isEqualTo(Outcome.FAILED);
        assertThat(condition.evaluate(new FactVariables(Phase.SESSION, Policies.facts())))
                .isEqualTo(Outcome.MATCHED);
    }

    @Test
    void runawayRuleFailsClosed() throws PolicyRejected {
        Conditions loose = new Conditions(Integer.MAX_VALUE, 50);
        String loop = "token.scopes.all(a, token.scopes.all(b, a == b))";
        Facts many = Policies.facts()
                .with(new Facts.Token(0, "", Collections.nCopies(64, "llm:invoke"), true, "", List.of()));
        // Each rule is within the bound on all of them because the estimate is asked, not the run.
        PolicySet set = PolicySet.parse("""
                {"rules":[{"id":"loop","effect":"deny","when":"token.scopes.exists(a, a == 'x')"},
                          {"id":"all","effect":"allow","when":"true"}]}""");
        assertThat(CompiledPolicy.compile(set, loose).decide(Phase.SESSION, many))
                .isEqualTo(new Decision(false, "loop"));
        assertThat(loose.compile("", loop, new ArrayList<>())).isPresent();
    }

    @Test
    void allConditionsOfADecisionTogetherAreBounded() {
        String dear = "token.scopes.exists(s, s == client.id)";
        double cost = compiled(dear).cost();
        int fit = (int) Math.floor(CompiledPolicy.MAX_COST / cost);
        assertThat(Policies.rules(rules(fit, dear)).decide(Phase.SESSION, Policies.facts()))
                .isEqualTo(new Decision(false, Decision.NO_ALLOW));
        try {
            CompiledPolicy.compile(PolicySet.parse(setOf(fit + 1, dear)), CONDITIONS);
            throw new AssertionError("taken");
        } catch (PolicyRejected e) {
            assertThat(e.problems()).hasSizeBetween(1, 2).allSatisfy(problem -> {
                assertThat(problem.path()).isEqualTo("/rules");
                assertThat(problem.sentence()).contains("together");
            });
        }
    }

    private static String[] rules(int count, String condition) {
        return IntStream.range(0, count)
                .mapToObj(i -> "r" + i + " allow " + condition)
                .toArray(String[]::new);
    }

    private static String setOf(int count, String condition) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"id\":\"r" + i + "\",\"effect\":\"deny\",\"when\":\"" + condition + "\"}")
                .collect(Collectors.joining(",", "{\"rules\":[", "]}"));
    }

    private static Condition compiled(String text) {
        List<Problem> problems = new ArrayList<>();
        Optional<Condition> condition = CONDITIONS.compile("/rules/3/when", text, problems);
        assertThat(problems).isEmpty();
        return condition.orElseThrow();
    }

    private static List<Problem> refused(String text) {
        List<Problem> problems = new ArrayList<>();
        assertThat(CONDITIONS.compile("/rules/3/when", text, problems)).isEmpty();
        assertThat(problems).isNotEmpty();
        return problems;
    }
}

package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicySetTest {

    private static final String FULL = """
            {"description":"All there is.",
             "roles":{"analyst":{"scopes":["llm:invoke"],"models":["simulator-*"],"topics":["orders.*"]}},
             "rules":[{"id":"office-hours","effect":"deny","phases":["issue","session"],"when":"now.hour < 7",
                       "description":"Nobody works at night."}],
             "limits":[{"id":"demo-small","tenant":"demo","client":"*","model":"*","requests_per_minute":600,"burst":100,
                        "model_tokens_per_minute":200000,"concurrent":32,"spend_micros_per_day":5000000,
                        "requests_per_day":10000,"model_tokens_per_day":1000000}],
             "prices":[{"model":"simulator-*","input_micros_per_million":150000,"output_micros_per_million":600000}],
             "containment":[{"id":"spike","when":"anomaly.score >= 0.95","action":"revoke-session"}]}""";

    @Test
    void everythingIsReadAndWrittenBack() throws PolicyRejected {
        PolicySet set = PolicySet.parse(FULL);
        assertThat(set.roles().get("analyst"))
                .isEqualTo(new Role(Set.of("llm:invoke"), Set.of("simulator-*"), Set.of("orders.*")));
        assertThat(set.rules())
                .containsExactly(new Rule(
                        "office-hours", Effect.DENY, Set.of(Phase.values()), "now.hour < 7", "Nobody works at night."));
        assertThat(set.limits().getFirst().burst()).isEqualTo(OptionalLong.of(100));
        assertThat(set.limits().getFirst().per()).isEqualTo(Limit.Per.CLIENT);
        assertThat(set.prices()).containsExactly(new Price("simulator-*", 150_000, 600_000));
        assertThat(set.containment())
                .containsExactly(
                        new ContainmentRule("spike", "anomaly.score >= 0.95", Containment.Action.REVOKE_SESSION));
        assertThat(PolicySet.parse(set.toJson())).isEqualTo(set);
        assertThat(PolicySet.parse(set.toJson()).toJson()).isEqualTo(set.toJson());
    }

    @Test
    void rolesAndLimitsAreReplacedByNameAndKeepTheirPlace() throws PolicyRejected {
        PolicySet set = PolicySet.parse(FULL);
        Role none = new Role(Set.of(), Set.of(), Set.of());
        assertThat(set.withRole("analyst", none).roles())
                .containsOnlyKeys("analyst")
                .containsValue(none);
        assertThat(set.withoutRole("analyst").roles()).isEmpty();
        Limit limit = set.limits().getFirst();
        assertThat(set.withLimit(limit)).isEqualTo(set);
        assertThat(set.withoutLimit(limit.id()).limits()).isEmpty();
        assertThat(set.withoutLimit(limit.id()).withLimit(limit)).isEqualTo(set);
    }

    static Stream<Arguments> problems() {
        return Stream.of(
                Arguments.of("", "", "object"),
                Arguments.of("[]", "", "object"),
                Arguments.of("{} {}", "", "JSON"),
                Arguments.of("{\"rules\":[],\"rules\":[]}", "", "member twice"),
                Arguments.of("{\"rule\":[]}", "/rule", "no such member"),
                Arguments.of("{\"a/b~c\":1}", "/a~1b~0c", "no such member"),
                Arguments.of("{\"description\":7}", "/description", "string"),
                Arguments.of("{\"rules\":{}}", "/rules", "array"),
                Arguments.of("{\"rules\":[7]}", "/rules/0", "object"),
                Arguments.of("{\"rules\":[{}]}", "/rules/0/id", "missing"),
                Arguments.of(rule("\"id\":\"A\""), "/rules/0/id", "small letters"),
                Arguments.of(rule("\"id\":\"postern:no-allow\""), "/rules/0/id", "small letters"),
                Arguments.of(rule("\"effect\":\"permit\""), "/rules/0/effect", "one of allow, deny"),
                Arguments.of(rule("\"effect\":null"), "/rules/0/effect", "one of allow, deny"),
                Arguments.of(rule("\"phases\":[]"), "/rules/0", "at least one phase"),
                Arguments.of(rule("\"phases\":[\"issue\",\"issue\"]"), "/rules/0", "at most once"),
                Arguments.of(rule("\"phases\":[\"message\"]"), "/rules/0", "issue and session"),
                Arguments.of(rule("\"when\":\"\""), "/rules/0/when", "1 to 1024"),
                Arguments.of(rule("\"when\":true"), "/rules/0/when", "string"),
                Arguments.of(rule("\"unless\":\"true\""), "/rules/0/unless", "no such member"),
                Arguments.of("{\"roles\":{\"A b\":{}}}", "/roles/A b", "role's name"),
                Arguments.of("{\"roles\":{\"a\":{\"models\":[\"*x\"]}}}", "/roles/a", "letters, digits"),
                Arguments.of("{\"roles\":{\"a\":{\"models\":\"x\"}}}", "/roles/a/models", "array"),
                Arguments.of("{\"limits\":[{\"id\":\"a\"}]}", "/limits/0", "limits something"),
                Arguments.of("{\"limits\":[{\"id\":\"a\",\"burst\":1,\"concurrent\":1}]}", "/limits/0", "burst"),
                Arguments.of("{\"limits\":[{\"id\":\"a\",\"concurrent\":-1}]}", "/limits/0/concurrent", "0 to"),
                Arguments.of("{\"limits\":[{\"id\":\"a\",\"concurrent\":1.5}]}", "/limits/0/concurrent", "whole"),
                Arguments.of(
                        "{\"limits\":[{\"id\":\"a\",\"concurrent\":99999999999999999999}]}",
                        "/limits/0/concurrent",
                        "whole"),
                Arguments.of("{\"limits\":[{\"id\":\"a\",\"per\":\"x\",\"concurrent\":1}]}", "/limits/0/per", "one of"),
                Arguments.of("{\"prices\":[{\"model\":\"a\"}]}", "/prices/0/input_micros_per_million", "missing"),
                Arguments.of(
                        "{\"containment\":[{\"id\":\"a\",\"when\":\"true\",\"action\":\"kill\"}]}",
                        "/containment/0/action",
                        "one of"));
    }

    @ParameterizedTest
    @MethodSource("problems")
    void whatIsWrongIsSaidWhereItIs(String json, String path, String part) {
        assertThat(refused(json)).anySatisfy(problem -> {
            assertThat(problem.path()).isEqualTo(path);
            assertThat(problem.sentence()).contains(part).endsWith(".");
        });
    }

    @Test
    void everyProblemIsListedAtOnce() {
        assertThat(refused("{\"rules\":[{\"id\":\"A\"}],\"x\":1,\"prices\":7}"))
                .extracting(Problem::path)
                .contains("/rules/0/id", "/rules/0/effect", "/rules/0/when", "/x", "/prices");
    }

    @Test
    void idsAreUniqueAcrossRulesLimitsAndContainment() {
        assertThat(refused("""
                {"rules":[{"id":"a","effect":"allow","when":"true"}],"limits":[{"id":"a","concurrent":1}]}""")).extracting(Problem::path).containsExactly("/limits/0");
        assertThat(refused("""
                {"prices":[{"model":"a","input_micros_per_million":1,"output_micros_per_million":1},
                           {"model":"a","input_micros_per_million":2,"output_micros_per_million":2}]}""")).extracting(Problem::sentence).containsExactly("A model has one price.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rules", "limits", "prices", "containment", "roles"})
    void listsHaveABoundAndReachIt(String member) throws PolicyRejected {
        int max = switch (member) {
            case "rules" -> PolicySet.MAX_RULES;
            case "limits" -> PolicySet.MAX_LIMITS;
            case "prices" -> PolicySet.MAX_PRICES;
            case "containment" -> PolicySet.MAX_CONTAINMENT;
            default -> PolicySet.MAX_ROLES;
        };
        PolicySet.parse(filled(member, max));
        assertThat(refused(filled(member, max + 1))).extracting(Problem::path).containsExactly("/" + member);
    }

    private static String filled(String member, int count) {
        if (member.equals("roles")) {
            return IntStream.range(0, count)
                    .mapToObj(i -> "\"r" + i + "\":{}")
                    .collect(Collectors.joining(",", "{\"roles\":{", "}}"));
        }
        return IntStream.range(0, count)
                .mapToObj(i -> switch (member) {
                    case "rules" -> "{\"id\":\"r" + i + "\",\"effect\":\"deny\",\"when\":\"true\"}";
                    case "limits" -> "{\"id\":\"r" + i + "\",\"concurrent\":1}";
                    case "prices" ->
                        "{\"model\":\"r" + i + "\",\"input_micros_per_million\":1,\"output_micros_per_million\":1}";
                    default -> "{\"id\":\"r" + i + "\",\"when\":\"true\",\"action\":\"reissue\"}";
                })
                .collect(Collectors.joining(",", "{\"" + member + "\":[", "]}"));
    }

    @Test
    void documentsAndConditionsHaveALengthAndReachIt() throws PolicyRejected {
        String padded = "{}" + " ".repeat(PolicySet.MAX_LENGTH - 2);
        PolicySet.parse(padded);
        assertThat(refused(padded + " "))
                .extracting(Problem::sentence)
                .first()
                .asString()
                .contains("longer");
        PolicySet.parse(rule("\"when\":\"" + "x".repeat(1024) + "\""));
        assertThat(refused(rule("\"when\":\"" + "x".repeat(1025) + "\"")))
                .extracting(Problem::path)
                .containsExactly("/rules/0/when");
        PolicySet.parse("{\"description\":\"" + "x".repeat(512) + "\"}");
        assertThat(refused("{\"description\":\"" + "x".repeat(513) + "\"}")).hasSize(1);
    }

    @Test
    void deepNestingAndManyProblemsStayBounded() {
        assertThat(refused("[".repeat(100_000))).hasSize(1);
        assertThat(refused("{\"rules\":[" + "{},".repeat(63) + "{}]}")).hasSizeLessThanOrEqualTo(50);
    }

    @Test
    void messageOfTheRefusalIsItsFirstProblem() {
        assertThatThrownBy(() -> PolicySet.parse("{\"rules\":7}"))
                .isInstanceOf(PolicyRejected.class)
                .hasMessage("/rules: This must be an array.");
    }

    private static String rule(String member) {
        String name = member.substring(0, member.indexOf(':'));
        return Stream.of("\"id\":\"a\"", "\"effect\":\"deny\"", "\"when\":\"true\"")
                .filter(usual -> !usual.startsWith(name + ":"))
                .collect(Collectors.joining(",", "{\"rules\":[{", "," + member + "}]}"));
    }

    static List<Problem> refused(String json) {
        return catchThrowableOfType(PolicyRejected.class, () -> PolicySet.parse(json))
                .problems();
    }
}

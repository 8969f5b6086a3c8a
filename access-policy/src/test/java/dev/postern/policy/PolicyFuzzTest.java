package dev.postern.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Random policies, random facts: nothing but a listed problem comes out of reading and compiling, nothing but a
/// decision out of deciding, and the explanation always agrees with it.
class PolicyFuzzTest {

    private static final long SEED = 20_261_125;

    /// What can be written for a value of each kind; the kinds are mixed up now and then.
    private enum Kind {
        BOOL("token.bound request.streamed true false"),
        INT("token.age_s quota.requests_left now.hour 1 0 -9223372036854775808"),
        DOUBLE("anomaly.score 0.5 -1.0"),
        TEXT("client.id request.model request.address phase 'a' ''"),
        LIST("client.roles token.scopes ['a','b'] token.actors"),
        WRONG("x null [] {'a':1} client 1u");

        private final String terms;

        Kind(String terms) {
            this.terms = terms;
        }
    }

    @Test
    void randomConditionsAreCompiledOrRefusedAndNeverThrow() {
        Random random = new Random(SEED);
        int compiled = 0;
        for (int round = 0; round < 2_000; round++) {
            List<Problem> problems = new ArrayList<>();
            String text = mangled(expression(random, Kind.BOOL, 3), random);
            boolean taken = Policies.CONDITIONS.compile("", text, problems).isPresent();
            assertThat(taken).as(text).isEqualTo(problems.isEmpty());
            compiled += taken ? 1 : 0;
        }
        assertThat(compiled).isGreaterThan(500);
    }

    @Test
    void randomPoliciesDecideAboutRandomFactsTheSameEachTime() throws PolicyRejected {
        Random random = new Random(SEED);
        for (int round = 0; round < 25; round++) {
            CompiledPolicy policy = policy(random);
            for (int i = 0; i < 50; i++) {
                Facts facts = facts(random);
                for (Phase phase : Phase.values()) {
                    Decision decision = policy.decide(phase, facts);
                    assertThat(policy.decide(phase, Facts.parse(facts.toJson())))
                            .isEqualTo(decision);
                    assertThat(policy.explain(phase, facts).decision()).isEqualTo(decision);
                }
                assertThat(policy.containment(facts)).isEqualTo(policy.containment(facts));
            }
        }
    }

    @Test
    void randomDocumentsAreReadOrRefused() {
        Random random = new Random(SEED);
        String document = policyJson(random);
        for (int round = 0; round < 5_000; round++) {
            StringBuilder broken = new StringBuilder(document);
            for (int i = 0; i <= random.nextInt(4); i++) {
                int at = random.nextInt(broken.length());
                switch (random.nextInt(3)) {
                    case 0 -> broken.deleteCharAt(at);
                    case 1 -> broken.insert(at, "{}[]\",:x1".charAt(random.nextInt(9)));
                    default -> broken.setCharAt(at, (char) random.nextInt(0x3000));
                }
            }
            try {
                PolicySet set = PolicySet.parse(broken.toString());
                assertThat(PolicySet.parse(set.toJson())).isEqualTo(set);
            } catch (PolicyRejected e) {
                assertThat(e.problems()).isNotEmpty();
            }
        }
    }

    private static CompiledPolicy policy(Random random) throws PolicyRejected {
        return CompiledPolicy.compile(PolicySet.parse(policyJson(random)), Policies.CONDITIONS);
    }

    private static String policyJson(Random random) {
        List<String> rules = IntStream.range(0, 6)
                .mapToObj(i -> JsonCursor.JSON
                        .createObjectNode()
                        .put("id", "r" + i)
                        .put("effect", random.nextBoolean() ? "allow" : "deny")
                        .put("when", valid(random))
                        .toString())
                .toList();
        String containment = JsonCursor.JSON
                .createObjectNode()
                .put("id", "c")
                .put("when", valid(random))
                .put("action", "reissue")
                .toString();
        return "{\"roles\":{\"a\":{\"scopes\":[\"*\"],\"models\":[\"a*\"]},\"b\":{}},\"rules\":["
                + String.join(",", rules) + "],\"containment\":[" + containment + "]}";
    }

    /// A random condition that compiles.
    private static String valid(Random random) {
        while (true) {
            String text = expression(random, Kind.BOOL, 2);
            if (Policies.CONDITIONS.compile("", text, new ArrayList<>()).isPresent()) {
                return text;
            }
        }
    }

    private static String expression(Random random, Kind wanted, int depth) {
        Kind kind = random.nextInt(40) == 0 ? any(random, Kind.values()) : wanted;
        if (depth == 0) {
            return any(random, kind.terms.split(" "));
        }
        int less = depth - 1 - random.nextInt(depth);
        String same = expression(random, kind, less);
        String again = expression(random, kind, less);
        return switch (kind) {
            case BOOL -> bool(random, less, same, again);
            case INT -> "(" + same + " " + any(random, "+-*/%".split("")) + " " + again + ")";
            case DOUBLE -> "(" + same + " " + any(random, "+-*/".split("")) + " " + again + ")";
            case TEXT -> "(" + same + " + " + again + ")";
            case LIST ->
                random.nextBoolean()
                        ? same + ".filter(s, " + expression(random, Kind.BOOL, less) + ")"
                        : "(" + same + " + " + again + ")";
            case WRONG -> same + "[" + again + "]";
        };
    }

    private static String bool(Random random, int depth, String same, String again) {
        String number = expression(random, Kind.INT, depth);
        String text = expression(random, Kind.TEXT, depth);
        String list = expression(random, Kind.LIST, depth);
        return switch (random.nextInt(11)) {
            case 0 -> "(" + same + " && " + again + ")";
            case 1 -> "(" + same + " || " + again + ")";
            case 2 -> "!(" + same + ")";
            case 3 -> number + " == " + expression(random, Kind.INT, depth);
            case 4 -> number + " < " + expression(random, Kind.DOUBLE, depth);
            case 5 -> text + " in " + list;
            case 6 -> list + ".exists(s, s == " + text + ")";
            case 7 -> "(" + same + " ? " + again + " : " + same + ")";
            case 8 -> "ipInRange(" + text + ", '10.0.0.0/8')";
            case 9 -> list + "[" + number + "] == " + text;
            default -> text + ".contains(" + text + ")";
        };
    }

    private static String mangled(String text, Random random) {
        if (random.nextInt(4) != 0) {
            return text;
        }
        int at = random.nextInt(text.length());
        return text.substring(0, at) + "()[]{}'\"\\\0?:.\u00e9".charAt(random.nextInt(14)) + text.substring(at);
    }

    private static Facts facts(Random random) {
        return new Facts(
                new Facts.Client(
                        text(random),
                        text(random),
                        random.nextInt(3) == 0 ? List.of("a") : List.of(),
                        any(random, Sensitivity.values())),
                new Facts.Token(
                        random.nextInt(400),
                        text(random),
                        texts(random),
                        random.nextBoolean(),
                        text(random),
                        texts(random)),
                new Facts.Request(
                        text(random),
                        text(random),
                        text(random),
                        any(random, LatencyClass.values()),
                        any(random, Sensitivity.values()),
                        random.nextBoolean() ? "10.0.0." + random.nextInt(300) : text(random),
                        text(random),
                        random.nextBoolean()),
                new Facts.Quota(random.nextInt(5) - 1, random.nextLong() >>> 1, -1),
                new Facts.Anomaly(
                        random.nextDouble(), random.nextDouble(), random.nextDouble(), random.nextDouble(), 1),
                Instant.ofEpochSecond(random.nextLong(4_000_000_000L)));
    }

    private static <T> T any(Random random, T[] values) {
        return List.of(values).get(random.nextInt(values.length));
    }

    private static List<String> texts(Random random) {
        return IntStream.range(0, random.nextInt(4)).mapToObj(i -> text(random)).toList();
    }

    private static String text(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> "";
            case 1 -> "a";
            case 2 -> "a".repeat(random.nextInt(Facts.MAX_TEXT));
            default -> Character.toString(0x20 + random.nextInt(0x500));
        };
    }
}

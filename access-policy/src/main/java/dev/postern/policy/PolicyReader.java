package dev.postern.policy;

import dev.postern.token.NamePattern;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Reads the JSON form of a policy set and lists everything that is wrong with it.
final class PolicyReader {

    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final String ID_DESCRIBED = "1 to 64 small letters, digits and hyphens, not beginning with a hyphen";
    private static final int MAX_DESCRIPTION = 512;
    private static final int MAX_PATTERNS = 64;
    private static final long MAX_AMOUNT = 1_000_000_000_000_000L;
    private static final long MAX_AT_ONCE = 1_000_000;

    private final JsonCursor root;
    private final Set<String> ids = new HashSet<>();

    private PolicyReader(JsonCursor root) {
        this.root = root;
    }

    static PolicySet read(String json) throws PolicyRejected {
        JsonCursor root = JsonCursor.document(
                json, PolicySet.MAX_LENGTH, Set.of("description", "roles", "rules", "limits", "prices", "containment"));
        PolicyReader reader = new PolicyReader(root);
        PolicySet set = new PolicySet(
                root.optionalText("description", MAX_DESCRIPTION),
                reader.roles(),
                reader.rules(),
                reader.limits(),
                reader.prices(),
                reader.containment());
        root.requireNoProblems();
        return set;
    }

    private NavigableMap<String, Role> roles() {
        NavigableMap<String, Role> roles = new TreeMap<>();
        for (JsonCursor.Entry entry : root.member("roles")
                .map(roleObjects -> roleObjects.entries(PolicySet.MAX_ROLES))
                .orElse(List.of())) {
            JsonCursor role = entry.value();
            if (!ID.matcher(entry.name()).matches()) {
                role.problem("A role's name is " + ID_DESCRIBED + ".");
            }
            if (role.isObjectOf(Set.of("scopes", "models", "topics"))) {
                roles.put(
                        entry.name(),
                        new Role(patterns(role, "scopes"), patterns(role, "models"), patterns(role, "topics")));
            }
        }
        return roles;
    }

    private List<Rule> rules() {
        return root
                .objects("rules", PolicySet.MAX_RULES, Set.of("id", "effect", "phases", "when", "description"))
                .stream()
                .map(rule -> new Rule(
                        id(rule),
                        rule.named("effect", Effect::ofWireName, names(Effect.values()))
                                .orElse(Effect.DENY),
                        phases(rule),
                        rule.text("when", 1, PolicySet.MAX_CONDITION),
                        rule.optionalText("description", MAX_DESCRIPTION)))
                .toList();
    }

    /// All phases if it does not say.
    private static Set<Phase> phases(JsonCursor rule) {
        if (rule.member("phases").isEmpty()) {
            return EnumSet.allOf(Phase.class);
        }
        Set<Phase> phases = new LinkedHashSet<>();
        for (String name : rule.texts("phases", Phase.values().length, 16)) {
            Optional<Phase> phase = Phase.ofWireName(name);
            if (phase.isEmpty() || !phases.add(phase.get())) {
                rule.problem("Phases are issue and session, each at most once.");
            }
        }
        if (phases.isEmpty()) {
            rule.problem("A rule has at least one phase.");
        }
        return phases;
    }

    private List<Limit> limits() {
        return root
                .objects(
                        "limits",
                        PolicySet.MAX_LIMITS,
                        Set.of(
                                "id",
                                "tenant",
                                "client",
                                "model",
                                "per",
                                "requests_per_minute",
                                "burst",
                                "model_tokens_per_minute",
                                "concurrent",
                                "spend_micros_per_day",
                                "requests_per_day",
                                "model_tokens_per_day"))
                .stream()
                .map(this::limit)
                .toList();
    }

    private Limit limit(JsonCursor from) {
        Limit limit = new Limit(
                id(from),
                patternOrAny(from, "tenant"),
                patternOrAny(from, "client"),
                patternOrAny(from, "model"),
                from.member("per").isEmpty()
                        ? Limit.Per.CLIENT
                        : from.named("per", Limit.Per::ofWireName, Set.of("client", "tenant"))
                                .orElse(Limit.Per.CLIENT),
                from.optionalNumber("requests_per_minute", 0, MAX_AMOUNT),
                from.optionalNumber("burst", 1, MAX_AT_ONCE),
                from.optionalNumber("model_tokens_per_minute", 0, MAX_AMOUNT),
                from.optionalNumber("concurrent", 0, MAX_AT_ONCE),
                from.optionalNumber("spend_micros_per_day", 0, MAX_AMOUNT),
                from.optionalNumber("requests_per_day", 0, MAX_AMOUNT),
                from.optionalNumber("model_tokens_per_day", 0, MAX_AMOUNT));
        if (limit.burst().isPresent() && limit.requestsPerMinute().isEmpty()) {
            from.problem("A burst belongs to requests_per_minute.");
        }
        if (Arrays.asList(
                        limit.requestsPerMinute(),
                        limit.modelTokensPerMinute(),
                        limit.concurrent(),
                        limit.spendMicrosPerDay(),
                        limit.requestsPerDay(),
                        limit.modelTokensPerDay())
                .stream()
                .allMatch(OptionalLong::isEmpty)) {
            from.problem("A limit limits something.");
        }
        return limit;
    }

    private List<Price> prices() {
        Set<String> models = new HashSet<>();
        return root
                .objects(
                        "prices",
                        PolicySet.MAX_PRICES,
                        Set.of("model", "input_micros_per_million", "output_micros_per_million"))
                .stream()
                .map(price -> {
                    String model = price.text("model", 1, 129);
                    requirePattern(price, model);
                    if (!models.add(model)) {
                        price.problem("A model has one price.");
                    }
                    return new Price(
                            model,
                            price.number("input_micros_per_million", 0, MAX_AMOUNT),
                            price.number("output_micros_per_million", 0, MAX_AMOUNT));
                })
                .toList();
    }

    private List<ContainmentRule> containment() {
        return root.objects("containment", PolicySet.MAX_CONTAINMENT, Set.of("id", "when", "action")).stream()
                .map(rule -> new ContainmentRule(
                        id(rule),
                        rule.text("when", 1, PolicySet.MAX_CONDITION),
                        rule.named(
                                        "action",
                                        Containment.Action::ofWireName,
                                        Set.of("reissue", "revoke-session", "revoke-client"))
                                .orElse(Containment.Action.REISSUE)))
                .toList();
    }

    private String id(JsonCursor from) {
        String id = from.formed("id", ID, ID_DESCRIBED);
        if (!id.isEmpty() && !ids.add(id)) {
            from.problem("Another rule or limit has this id.");
        }
        return id;
    }

    private static Set<String> patterns(JsonCursor from, String name) {
        Set<String> patterns = new LinkedHashSet<>(from.texts(name, MAX_PATTERNS, 129));
        for (String pattern : patterns) {
            requirePattern(from, pattern);
        }
        return patterns;
    }

    private static String patternOrAny(JsonCursor from, String name) {
        if (from.member(name).isEmpty()) {
            return "*";
        }
        String pattern = from.text(name, 1, 129);
        requirePattern(from, pattern);
        return pattern;
    }

    private static void requirePattern(JsonCursor from, String pattern) {
        try {
            NamePattern.checked(Set.of(pattern));
        } catch (IllegalArgumentException _) {
            from.problem("A name is letters, digits and ._:/@-, with a * at the end or alone.");
        }
    }

    private static Collection<String> names(Effect[] effects) {
        return Arrays.stream(effects).map(Effect::wireName).collect(Collectors.toSet());
    }
}

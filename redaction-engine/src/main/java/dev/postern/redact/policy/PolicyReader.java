package dev.postern.redact.policy;

import dev.postern.redact.detection.Detection;
import dev.postern.redact.entity.Entity;
import dev.postern.redact.pack.InvalidRulePack;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads a policy's JSON and says everything that is wrong with it. Problems name members and selectors, never values.
/// One document.
final class PolicyReader {
    static final Set<String> MEMBERS = Set.of("description", "default_label", "labels", "pack");
    static final Set<String> LABEL_MEMBERS = Set.of("actions", "thresholds", "allow", "deny", "languages");
    static final int MOST_LABELS = 16;
    static final int MOST_LITERALS = 2_000;
    static final int SHORTEST_LITERAL = 2;
    static final int LONGEST_LITERAL = 128;
    static final int MOST_LANGUAGES = 16;
    static final int LONGEST_DESCRIPTION = 512;
    static final double LOWEST_THRESHOLD = 0.3;
    private static final int LONGEST_SENTENCE = 300;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final Pattern LABEL = Pattern.compile("[a-z][a-z0-9-]{0,31}");
    private static final Pattern SELECTOR = Pattern.compile("[A-Z][A-Z0-9_]{1,39}|\\*");
    private static final Pattern LANGUAGE = Pattern.compile("[a-z]{2}");

    private final Detection detection;
    private final Vocabulary vocabulary;
    private final List<PolicyProblem> problems = new ArrayList<>();

    private PolicyReader(Detection detection) {
        this.detection = detection;
        this.vocabulary = new Vocabulary(detection.entities());
    }

    /// @param packs what becomes of a tenant's own pack
    static RedactionPolicy read(String json, Function<JsonNode, Detection> packs, Detection standard)
            throws PolicyRejected {
        JsonNode document = document(json);
        return new PolicyReader(document.has("pack") ? detection(document.path("pack"), packs) : standard)
                .policy(document);
    }

    /// With a pack that is wrong nobody can say what else is.
    private static Detection detection(JsonNode pack, Function<JsonNode, Detection> packs) throws PolicyRejected {
        if (!pack.isObject()) {
            throw new PolicyRejected(List.of(new PolicyProblem("/pack", "Give an object.")));
        }
        try {
            return packs.apply(pack);
        } catch (InvalidRulePack e) {
            String message = Objects.requireNonNull(e.getMessage());
            String sentence =
                    message.length() > LONGEST_SENTENCE ? message.substring(0, LONGEST_SENTENCE) + "…" : message;
            throw new PolicyRejected(List.of(new PolicyProblem(
                    "/pack", Character.toUpperCase(sentence.charAt(0)) + sentence.substring(1) + ".")));
        }
    }

    private static JsonNode document(String json) throws PolicyRejected {
        JsonNode document;
        try {
            document = JSON.readTree(json);
        } catch (JacksonException _) {
            throw new PolicyRejected(List.of(new PolicyProblem(
                    "", "Write one JSON object in which no member stands twice, and nothing after it.")));
        }
        if (!document.isObject()) {
            throw new PolicyRejected(List.of(new PolicyProblem("", "Give an object.")));
        }
        return document;
    }

    private RedactionPolicy policy(JsonNode document) throws PolicyRejected {
        RedactionPolicy policy = read(document);
        if (!problems.isEmpty()) {
            throw new PolicyRejected(problems);
        }
        return policy;
    }

    private RedactionPolicy read(JsonNode document) {
        members(document, "", MEMBERS);
        String description = text(document, "description", LONGEST_DESCRIPTION);
        String defaultLabel = text(document, "default_label", 32);
        Map<String, LabelPolicy> labels = new LinkedHashMap<>();
        JsonNode given = document.path("labels");
        if (!given.isObject() || given.isEmpty()) {
            wrong("/labels", "Give an object with a member for each label of data.");
        } else if (given.size() > MOST_LABELS) {
            wrong("/labels", "Give at most " + MOST_LABELS + " labels.");
        } else {
            given.forEachEntry((label, node) -> {
                if (LABEL.matcher(label).matches()) {
                    labels.put(label, label(node, "/labels/" + label));
                } else {
                    wrong("/labels", "A label is 1 to 32 lower-case letters, digits and dashes, a letter first.");
                }
            });
        }
        if (!defaultLabel.isEmpty() && !labels.containsKey(defaultLabel)) {
            wrong("/default_label", "Name one of the labels, or leave it out for internal.");
        }
        return new RedactionPolicy(description, defaultLabel, labels, detection, vocabulary);
    }

    private LabelPolicy label(JsonNode node, String at) {
        members(node, at, LABEL_MEMBERS);
        Map<String, Treatment> actions = new LinkedHashMap<>();
        each(node.path("actions"), at + "/actions", (selector, action, where) -> {
            Treatment treatment = Treatment.of(action.stringValue("")).orElse(null);
            if (treatment == null) {
                wrong(where, "Choose one of " + treatments() + ".");
            } else {
                check(selector, treatment, where);
                actions.put(selector, treatment);
            }
        });
        Map<String, Double> thresholds = new LinkedHashMap<>();
        each(node.path("thresholds"), at + "/thresholds", (selector, value, where) -> {
            double threshold = value.isNumber() ? value.doubleValue() : Double.NaN;
            if (threshold >= LOWEST_THRESHOLD && threshold <= 1) {
                thresholds.put(selector, threshold);
            } else {
                wrong(where, "Give a number from " + LOWEST_THRESHOLD + " to 1.");
            }
        });
        Map<String, List<String>> deny = new LinkedHashMap<>();
        each(node.path("deny"), at + "/deny", (selector, values, where) -> {
            if (vocabulary.entity(selector).isEmpty()) {
                wrong(where, "Values count as one entity, by its name; CUSTOM where no other fits.");
            }
            deny.put(selector, literals(values, where));
        });
        List<String> allow =
                node.path("allow").isMissingNode() ? List.of() : literals(node.path("allow"), at + "/allow");
        LabelPolicy policy = new LabelPolicy(actions, thresholds, allow, deny, languages(node, at + "/languages"));
        refuseToKeepWhatIsDenied(policy, at + "/deny");
        return policy;
    }

    private void check(String selector, Treatment treatment, String where) {
        List<Entity> selected = vocabulary.selected(selector);
        if (treatment == Treatment.PSEUDONYMISE && selected.stream().anyMatch(Vocabulary::secret)) {
            wrong(where, "A secret has no pseudonym: nothing may lead back to it. Choose another action.");
        }
        if (treatment == Treatment.GENERALISE && !selected.stream().allMatch(Generalisation::offeredFor)) {
            wrong(where, "Only dates, IP addresses and ages can be generalised: DATE, IP, AGE.");
        }
    }

    private void refuseToKeepWhatIsDenied(LabelPolicy policy, String where) {
        Plan plan = Plan.compile(policy, vocabulary);
        for (String name : policy.deny().keySet()) {
            if (vocabulary.entity(name).filter(entity -> !plan.wants(entity)).isPresent()) {
                wrong(where + "/" + name, "This entity is kept: choose another action for it, or another entity.");
            }
        }
    }

    private interface Entry {
        void read(String selector, JsonNode value, String where);
    }

    private void each(JsonNode node, String at, Entry entry) {
        if (node.isMissingNode()) {
            return;
        }
        if (!node.isObject()) {
            wrong(at, "Give an object.");
            return;
        }
        node.forEachEntry((selector, value) -> {
            if (!SELECTOR.matcher(selector).matches()
                    || vocabulary.selected(selector).isEmpty()) {
                // Not even its name is quoted: somebody may have put a value in its place.
                wrong(at, "A member is no entity, no kind of entities, not SECRET and not *.");
            } else {
                entry.read(selector, value, at + "/" + selector);
            }
        });
    }

    private List<String> literals(JsonNode node, String at) {
        List<String> literals = new ArrayList<>();
        if (!node.isArray() || node.size() > MOST_LITERALS) {
            wrong(at, "Give a list of at most " + MOST_LITERALS + " values.");
            return literals;
        }
        for (int i = 0; i < node.size(); i++) {
            String value = node.path(i).stringValue("").strip();
            boolean words = value.codePoints().anyMatch(Character::isLetterOrDigit);
            if (words && value.length() >= SHORTEST_LITERAL && value.length() <= LONGEST_LITERAL) {
                literals.add(value);
            } else {
                wrong(
                        at + "/" + i,
                        "A value is a text of " + SHORTEST_LITERAL + " to " + LONGEST_LITERAL
                                + " characters with a letter or a digit among them.");
            }
        }
        return literals;
    }

    private List<String> languages(JsonNode node, String at) {
        JsonNode given = node.path("languages");
        Set<String> languages = new HashSet<>();
        if (given.isMissingNode()) {
            return List.of();
        }
        boolean all = given.isArray() && given.size() <= MOST_LANGUAGES;
        for (JsonNode language : given.values()) {
            all &= LANGUAGE.matcher(language.stringValue("")).matches() && languages.add(language.stringValue(""));
        }
        if (!all) {
            wrong(at, "Give a list of at most " + MOST_LANGUAGES + " different languages, as en or de (ISO 639-1).");
        }
        return List.copyOf(languages);
    }

    private void members(JsonNode node, String at, Set<String> known) {
        if (!node.isObject()) {
            wrong(at, "Give an object.");
        } else if (!known.containsAll(node.propertyNames())) {
            wrong(at, "Known members are " + known.stream().sorted().collect(Collectors.joining(", ")) + ".");
        }
    }

    private String text(JsonNode document, String member, int longest) {
        JsonNode node = document.path(member);
        if (!node.isMissingNode() && (!node.isString() || node.stringValue().length() > longest)) {
            wrong("/" + member, "Give a text of at most " + longest + " characters.");
        }
        return node.stringValue("");
    }

    private static String treatments() {
        return Arrays.stream(Treatment.values()).map(Treatment::wireName).collect(Collectors.joining(", "));
    }

    private void wrong(String pointer, String sentence) {
        problems.add(new PolicyProblem(pointer, sentence));
    }
}

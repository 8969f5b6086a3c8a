package dev.postern.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A place in a JSON document that is read strictly. It collects what is wrong instead of stopping at the first, and
/// stands in a harmless value for what it cannot read: whoever reads looks at [#problems] before using any of it.
///
/// Confined to one thread.
final class JsonCursor {

    /// Duplicate members are refused: two readers could read two different policies.
    static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder().maxNestingDepth(16).build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final int MAX_PROBLEMS = 50;

    private final JsonNode node;
    private final String path;
    private final List<Problem> problems;

    private JsonCursor(JsonNode node, String path, List<Problem> problems) {
        this.node = node;
        this.path = path;
        this.problems = problems;
    }

    /// The whole document, an object of these members at most.
    static JsonCursor document(String json, int maxLength, Set<String> members) throws PolicyRejected {
        if (json.length() > maxLength) {
            throw new PolicyRejected(
                    List.of(new Problem("", "The document is longer than " + maxLength + " characters.")));
        }
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JacksonException e) {
            throw new PolicyRejected(List.of(new Problem("", unreadable(e.getLocation()))));
        }
        JsonCursor cursor = new JsonCursor(root, "", new ArrayList<>());
        if (!cursor.isObjectOf(members)) {
            throw new PolicyRejected(cursor.problems);
        }
        return cursor;
    }

    private static String unreadable(@Nullable TokenStreamLocation location) {
        String where =
                location == null ? "" : " near line " + location.getLineNr() + ", column " + location.getColumnNr();
        return "The document is not JSON, or names a member twice in one object" + where + ".";
    }

    List<Problem> problems() {
        return problems;
    }

    String path() {
        return path;
    }

    void requireNoProblems() throws PolicyRejected {
        if (!problems.isEmpty()) {
            throw new PolicyRejected(problems);
        }
    }

    void problem(String sentence) {
        if (problems.size() < MAX_PROBLEMS) {
            problems.add(new Problem(path, sentence));
        }
    }

    boolean isString() {
        return node.isString();
    }

    /// Says so if it is not an object, or has other members than these.
    boolean isObjectOf(Set<String> members) {
        if (!node.isObject()) {
            problem("This must be an object.");
            return false;
        }
        for (String name : node.propertyNames()) {
            if (!members.contains(name)) {
                at(name).problem("There is no such member here; there are " + listed(members) + ".");
            }
        }
        return true;
    }

    /// A member, or nothing.
    Optional<JsonCursor> member(String name) {
        JsonNode value = node.get(name);
        return value == null ? Optional.empty() : Optional.of(new JsonCursor(value, at(name).path, problems));
    }

    private JsonCursor at(String step) {
        return new JsonCursor(node, path + "/" + step.replace("~", "~0").replace("/", "~1"), problems);
    }

    private void missing(String name) {
        at(name).problem("This member is missing.");
    }

    /// The members of an object whose names are free.
    List<Entry> entries(int max) {
        if (!node.isObject()) {
            problem("This must be an object.");
            return List.of();
        }
        if (node.size() > max) {
            problem("There are at most " + max + " members here.");
            return List.of();
        }
        List<Entry> entries = new ArrayList<>();
        for (String name : node.propertyNames()) {
            entries.add(new Entry(name, member(name).orElseThrow()));
        }
        return entries;
    }

    /// A member whose name is free.
    record Entry(String name, JsonCursor value) {}

    /// The elements of a member that is an array of objects; none if it is not there.
    List<JsonCursor> objects(String name, int max, Set<String> members) {
        return elements(name, max).stream()
                .filter(element -> element.isObjectOf(members))
                .toList();
    }

    private List<JsonCursor> elements(String name, int max) {
        Optional<JsonCursor> array = member(name);
        if (array.isEmpty()) {
            return List.of();
        }
        JsonCursor cursor = array.get();
        if (!cursor.node.isArray()) {
            cursor.problem("This must be an array.");
            return List.of();
        }
        if (cursor.node.size() > max) {
            cursor.problem("There are at most " + max + " elements here.");
            return List.of();
        }
        List<JsonCursor> elements = new ArrayList<>();
        for (int i = 0; i < cursor.node.size(); i++) {
            elements.add(new JsonCursor(cursor.node.get(i), cursor.path + "/" + i, problems));
        }
        return elements;
    }

    /// The texts of a member that is an array of them, each at most so long; none if it is not there.
    List<String> texts(String name, int max, int maxLength) {
        return elements(name, max).stream()
                .map(element -> element.text(0, maxLength))
                .toList();
    }

    /// A text, or a stand-in.
    String text(int minLength, int maxLength) {
        if (!node.isString()) {
            problem("This must be a string.");
            return "";
        }
        String text = node.stringValue();
        if (text.length() < minLength || text.length() > maxLength) {
            problem("This must have " + minLength + " to " + maxLength + " characters.");
            return "";
        }
        return text;
    }

    String text(String name, int minLength, int maxLength) {
        Optional<JsonCursor> member = member(name);
        if (member.isEmpty()) {
            missing(name);
            return "";
        }
        return member.get().text(minLength, maxLength);
    }

    String optionalText(String name, int maxLength) {
        return member(name).map(member -> member.text(0, maxLength)).orElse("");
    }

    /// A text of a certain form.
    String formed(String name, Pattern form, String described) {
        Optional<JsonCursor> member = member(name);
        if (member.isEmpty()) {
            missing(name);
            return "";
        }
        String text = member.get().node.isString() ? member.get().node.stringValue() : "";
        if (!form.matcher(text).matches()) {
            member.get().problem("This must be " + described + ".");
            return "";
        }
        return text;
    }

    /// One of a closed set of names.
    <T> Optional<T> named(String name, Function<String, Optional<T>> byName, Collection<String> names) {
        Optional<JsonCursor> member = member(name);
        if (member.isEmpty()) {
            missing(name);
            return Optional.empty();
        }
        Optional<T> found =
                member.get().node.isString() ? byName.apply(member.get().node.stringValue()) : Optional.empty();
        if (found.isEmpty()) {
            member.get().problem("This must be one of " + listed(names) + ".");
        }
        return found;
    }

    /// A whole number within bounds; nothing if it is not there.
    OptionalLong optionalNumber(String name, long min, long max) {
        Optional<JsonCursor> member = member(name);
        if (member.isEmpty()) {
            return OptionalLong.empty();
        }
        JsonNode value = member.get().node;
        if (!value.isIntegralNumber()
                || !value.canConvertToLong()
                || value.longValue() < min
                || value.longValue() > max) {
            member.get().problem("This must be a whole number from " + min + " to " + max + ".");
            return OptionalLong.empty();
        }
        return OptionalLong.of(value.longValue());
    }

    long number(String name, long min, long max) {
        if (!node.has(name)) {
            missing(name);
        }
        return optionalNumber(name, min, max).orElse(min);
    }

    /// A score from 0 to 1; 0 if it is not there.
    double score(String name) {
        Optional<JsonCursor> member = member(name);
        if (member.isEmpty()) {
            return 0;
        }
        JsonNode value = member.get().node;
        if (!value.isNumber() || !(value.doubleValue() >= 0 && value.doubleValue() <= 1)) {
            member.get().problem("This must be a number from 0 to 1.");
            return 0;
        }
        return value.doubleValue();
    }

    boolean flag(String name) {
        Optional<JsonCursor> member = member(name);
        if (member.isPresent() && !member.get().node.isBoolean()) {
            member.get().problem("This must be true or false.");
        }
        return member.isPresent()
                && member.get().node.isBoolean()
                && member.get().node.booleanValue();
    }

    private static String listed(Collection<String> names) {
        return String.join(", ", names.stream().sorted().toList());
    }
}

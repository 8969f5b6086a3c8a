package dev.postern.redact.eval;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads labelled files, by what is in them: Presidio's unit-test cases, validator.js' values, or JSON lines
/// `{id, text, lang?, spans: [{start, end, entity, weak?}], absent?: [entity]}`. Offsets are Unicode code points.
public final class LabelledFiles {
    /// Presidio's names for what validator.js' functions judge.
    private static final Map<String, String> VALIDATORS = Map.ofEntries(
            Map.entry("isEmail", "EMAIL_ADDRESS"),
            Map.entry("isCreditCard", "CREDIT_CARD"),
            Map.entry("isIBAN", "IBAN_CODE"),
            Map.entry("isIP", "IP_ADDRESS"),
            Map.entry("isMACAddress", "MAC_ADDRESS"),
            Map.entry("isURL", "URL"),
            Map.entry("isMobilePhone", "PHONE_NUMBER"),
            Map.entry("isBtcAddress", "CRYPTO"),
            Map.entry("isEthereumAddress", "CRYPTO"),
            Map.entry("isAbaRouting", "ABA_ROUTING_NUMBER"),
            Map.entry("isIdentityCard", "IDENTITY_CARD"),
            Map.entry("isPassportNumber", "PASSPORT"),
            Map.entry("isTaxID", "TAX_ID"),
            Map.entry("isVAT", "VAT"),
            Map.entry("isIMEI", "IMEI"),
            Map.entry("isBIC", "BIC"),
            Map.entry("isJWT", "ACCESS_TOKEN"),
            Map.entry("isLicensePlate", "LICENSE_PLATE"));

    private LabelledFiles() {}

    /// The texts of a file.
    ///
    /// @throws IllegalArgumentException when it is none of the forms, or labels what is not there;
    ///     its message names the line or case and quotes no text
    public static List<Labelled> read(String content) {
        String plain = content.startsWith("\uFEFF") ? content.substring(1) : content;
        List<String> lines = plain.lines().toList();
        List<Labelled> all = inLines(lines) ? lines(lines) : cases(json(plain, "the file"));
        if (all.isEmpty()) {
            throw new IllegalArgumentException("the file holds no labelled cases");
        }
        return all;
    }

    /// Whether the first lines are objects by themselves, and not one document in a single line.
    private static boolean inLines(List<String> lines) {
        List<String> first =
                lines.stream().filter(line -> !line.isBlank()).limit(2).toList();
        return first.stream().map(String::strip).allMatch(line -> line.startsWith("{") && line.endsWith("}"))
                && !(first.size() == 1 && json(first.getFirst(), "the file").has("cases"));
    }

    private static List<Labelled> lines(List<String> lines) {
        List<Labelled> all = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                String where = "line " + (i + 1);
                all.add(line(json(lines.get(i), where), where));
            }
        }
        return all;
    }

    private static List<Labelled> cases(JsonNode document) {
        JsonNode cases = document.path("cases");
        List<Labelled> all = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            read(cases.get(i), i).ifPresent(all::add);
        }
        return all;
    }

    private static JsonNode json(String content, String where) {
        try {
            return new JsonMapper().readTree(content);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(where + " is not JSON", e);
        }
    }

    private static Optional<Labelled> read(JsonNode node, int number) {
        String id = String.valueOf(number);
        return node.has("validator")
                ? validated(node, id)
                : Optional.ofNullable(node.has("kind") ? presidio(node, id) : line(node, "case " + number));
    }

    private static Labelled line(JsonNode node, String where) {
        if (!node.path("text").isString()
                || !(node.path("spans").isMissingNode() || node.path("spans").isArray())) {
            throw new IllegalArgumentException(where + " is no object {id, text, lang?, spans: [], absent?: []}");
        }
        String text = node.path("text").stringValue();
        List<Labelled.Label> labels = new ArrayList<>();
        for (JsonNode span : node.path("spans").values()) {
            labels.add(label(
                    text,
                    span.path("start"),
                    span.path("end"),
                    span.path("entity").stringValue(""),
                    span.path("weak").booleanValue(false),
                    where));
        }
        List<String> absent = node.path("absent").values().stream()
                .map(name -> name.stringValue(""))
                .toList();
        return new Labelled(
                node.path("id").asString(""),
                text,
                node.path("lang").stringValue(""),
                labels,
                Set.copyOf(absent),
                false);
    }

    /// @param where names the line or case when the label is none
    private static Labelled.Label label(
            String text, JsonNode start, JsonNode end, String entity, boolean weak, String where) {
        int from = units(text, start.intValue(0));
        int to = units(text, end.intValue(0));
        if (start.intValue(-1) < 0 || from >= to) {
            throw new IllegalArgumentException(
                    where + " has a span without characters: give start and end in Unicode code points of its text");
        }
        return new Labelled.Label(from, to, entity, weak);
    }

    private static @Nullable Labelled presidio(JsonNode node, String id) {
        String text = node.path("text").stringValue("");
        String entity = node.path("entity").stringValue("");
        String language = node.path("lang").stringValue("");
        if (node.path("kind").stringValue("").equals("validate")) {
            JsonNode valid = node.path("valid");
            if (!valid.isBoolean() || text.isEmpty()) {
                return null;
            }
            return valid.booleanValue(false)
                    ? whole(id, text, entity, language)
                    : new Labelled(id, text, language, List.of(), Set.of(entity), true);
        }
        if (!node.path("spans").isArray()) {
            // How many there are is known, but not where.
            return null;
        }
        List<Labelled.Label> labels = new ArrayList<>();
        for (JsonNode span : node.path("spans").values()) {
            labels.add(label(
                    text, span.path(0), span.path(1), entity, node.path("weak").booleanValue(false), "case " + id));
        }
        return new Labelled(id, text, language, labels, labels.isEmpty() ? Set.of(entity) : Set.of(), true);
    }

    /// Options change what validator.js takes for valid: values that are invalid only under some are left out.
    private static Optional<Labelled> validated(JsonNode node, String id) {
        String entity = VALIDATORS.get(node.path("validator").stringValue(""));
        String text = node.path("text").stringValue("");
        boolean plain = node.path("args").isEmpty();
        boolean options = !plain && node.path("args").get(0).isObject();
        boolean place =
                node.path("args").size() == 1 && node.path("args").get(0).isString();
        if (entity == null || text.isBlank() || options) {
            return Optional.empty();
        }
        if (node.path("valid").booleanValue(false)) {
            return Optional.of(whole(id, text, entity, ""));
        }
        return plain || !place
                ? Optional.of(new Labelled(id, text, "", List.of(), Set.of(entity), true))
                : Optional.empty();
    }

    private static Labelled whole(String id, String text, String entity, String language) {
        int start = text.length() - text.stripLeading().length();
        int end = text.stripTrailing().length();
        return new Labelled(id, text, language, List.of(new Labelled.Label(start, end, entity, false)), Set.of(), true);
    }

    private static int units(String text, int codePoints) {
        return text.offsetByCodePoints(0, Math.clamp(codePoints, 0, text.codePointCount(0, text.length())));
    }
}

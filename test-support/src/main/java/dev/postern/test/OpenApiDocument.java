package dev.postern.test;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The description of an interface, as far as tests hold its service to it: addresses, methods, statuses, and the
/// schemas of bodies (type, required, properties, additionalProperties, items, enum, pattern, bounds).
public final class OpenApiDocument {
    private static final JsonMapper JSON = new JsonMapper();

    private final JsonNode root;

    private OpenApiDocument(JsonNode root) {
        this.root = root;
    }

    /// Reads a description from the class path.
    public static OpenApiDocument load(String resource) {
        try (InputStream in = OpenApiDocument.class.getResourceAsStream(resource)) {
            return new OpenApiDocument(JSON.readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// `GET /admin/v1/clients`, …
    public Set<String> operations() {
        Set<String> operations = new TreeSet<>();
        for (Map.Entry<String, JsonNode> path : root.path("paths").properties()) {
            for (String method : path.getValue().propertyNames()) {
                operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
            }
        }
        return operations;
    }

    /// The description of one operation; missing when there is none.
    public JsonNode operation(String method, String template) {
        return root.path("paths").path(template).path(method.toLowerCase(Locale.ROOT));
    }

    /// What in this exchange is not as described.
    public List<String> problems(String method, String path, String request, int status, String response) {
        String template = template(method, path);
        JsonNode operation = operation(method, template);
        List<String> problems = new ArrayList<>();
        JsonNode answer = resolved(operation.path("responses").path(String.valueOf(status)));
        if (answer.isMissingNode()) {
            problems.add(method + " " + template + " does not describe " + status);
            return problems;
        }
        JsonNode schema = answer.path("content").path(status < 400 ? "application/json" : "application/problem+json");
        if (!schema.isMissingNode()) {
            check(schema.path("schema"), JSON.readTree(response), "response", problems);
        } else if (!response.isEmpty()) {
            problems.add(method + " " + template + " describes no body for " + status);
        }
        JsonNode body = operation.path("requestBody").path("content").path("application/json");
        if (status < 300 && !body.isMissingNode()) {
            check(body.path("schema"), JSON.readTree(request), "request", problems);
        }
        return problems;
    }

    /// What in the document's own examples is not as described.
    public List<String> problemsOfExamples() {
        List<String> problems = new ArrayList<>();
        collect(root.path("paths"), "", problems);
        return problems;
    }

    private void collect(JsonNode node, String place, List<String> problems) {
        if (node.has("example") && node.has("schema")) {
            check(node.path("schema"), node.path("example"), place, problems);
        }
        if (node.isObject()) {
            node.properties().forEach(member -> collect(member.getValue(), place + "/" + member.getKey(), problems));
        }
    }

    private String template(String method, String path) {
        String plain = path.contains("?") ? path.substring(0, path.indexOf('?')) : path;
        return operations().stream()
                .filter(operation -> operation.startsWith(method + " "))
                .map(operation -> operation.substring(method.length() + 1))
                .filter(template -> plain.matches(template.replaceAll("\\{[^}]+}", "[^/]+")))
                .min(Comparator.comparingInt(template ->
                        template.length() - template.replace("{", "").length()))
                .orElseThrow(() -> new AssertionError("not described: " + method + " " + path));
    }

    private JsonNode resolved(JsonNode node) {
        JsonNode reference = node.path("$ref");
        return reference.isMissingNode()
                ? node
                : root.at(reference.stringValue("").substring(1));
    }

    private void check(JsonNode written, JsonNode value, String place, List<String> problems) {
        JsonNode schema = resolved(written);
        String type = schema.path("type").stringValue("");
        boolean fits = switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isString();
            case "integer" -> value.isIntegralNumber();
            case "boolean" -> value.isBoolean();
            default -> true;
        };
        if (!fits) {
            problems.add(place + " is not of type " + type);
            return;
        }
        switch (type) {
            case "object" -> object(schema, value, place, problems);
            case "array" -> {
                for (int i = 0; i < value.size(); i++) {
                    check(schema.path("items"), value.path(i), place + "/" + i, problems);
                }
            }
            case "string" -> string(schema, value.stringValue(""), place, problems);
            case "integer" -> {
                if (value.longValue() < schema.path("minimum").asLong(Long.MIN_VALUE)
                        || value.longValue() > schema.path("maximum").asLong(Long.MAX_VALUE)) {
                    problems.add(place + " is out of bounds");
                }
            }
            default -> {}
        }
    }

    private void object(JsonNode schema, JsonNode value, String place, List<String> problems) {
        for (JsonNode required : schema.path("required")) {
            if (!value.has(required.stringValue(""))) {
                problems.add(place + " lacks " + required.stringValue(""));
            }
        }
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            JsonNode described = schema.path("properties").path(member.getKey());
            if (!described.isMissingNode()) {
                check(described, member.getValue(), place + "/" + member.getKey(), problems);
            } else if (!schema.path("additionalProperties").asBoolean(true)) {
                problems.add(place + " has " + member.getKey() + ", which is not described");
            }
        }
    }

    private static void string(JsonNode schema, String value, String place, List<String> problems) {
        JsonNode choices = schema.path("enum");
        if (!choices.isMissingNode()) {
            boolean known = false;
            for (JsonNode choice : choices) {
                known |= choice.stringValue("").equals(value);
            }
            if (!known) {
                problems.add(place + " is none of the choices");
            }
        }
        if (schema.has("pattern")
                && !Pattern.compile(schema.path("pattern").stringValue(""))
                        .matcher(value)
                        .find()) {
            problems.add(place + " has another form");
        }
    }
}

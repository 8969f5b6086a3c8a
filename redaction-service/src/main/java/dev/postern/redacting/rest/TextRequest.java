package dev.postern.redacting.rest;

import dev.postern.redact.entity.Taxonomy;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// The body of every call with texts. Prints nothing of them.
///
/// @param batch whether the caller sent a list, and gets one
/// @param conversation empty when there is none
/// @param label empty when there is none
/// @param language as ISO 639-1, or empty
record TextRequest(
        List<String> texts,
        boolean batch,
        String conversation,
        String label,
        String language,
        Offsets offsets,
        Taxonomy taxonomy) {
    private static final int LONGEST_NAME = 256;
    private static final Set<String> MEMBERS =
            Set.of("text", "texts", "conversation", "label", "language", "offsets", "taxonomy");

    static TextRequest read(HttpServletRequest request, RestProperties limits) {
        JsonNode body = Bodies.object(request, limits.largestBody().toBytes());
        Bodies.only(body, MEMBERS);
        boolean batch = body.has("texts");
        return new TextRequest(
                batch ? texts(body, limits.mostTexts()) : List.of(text(body)),
                batch,
                name(body, "conversation"),
                name(body, "label"),
                name(body, "language"),
                Offsets.of(name(body, "offsets"))
                        .orElseThrow(() -> Bodies.malformed("/offsets", "Choose utf-16 or code-points.")),
                taxonomy(name(body, "taxonomy")));
    }

    TextRequest inConversation() {
        if (conversation.isEmpty()) {
            throw Bodies.malformed("/conversation", "Name the conversation that the text belongs to.");
        }
        return this;
    }

    private static String text(JsonNode body) {
        if (!body.path("text").isString()) {
            throw Bodies.malformed("/text", "Send a text, or a list of them as texts.");
        }
        return body.path("text").stringValue();
    }

    private static List<String> texts(JsonNode body, int most) {
        JsonNode given = body.path("texts");
        if (body.has("text") || !given.isArray() || given.isEmpty() || given.size() > most) {
            throw Bodies.malformed("/texts", "Send a list of 1 to " + most + " texts, and no text beside it.");
        }
        List<String> texts = new ArrayList<>();
        for (JsonNode text : given.values()) {
            if (!text.isString()) {
                throw Bodies.malformed("/texts", "Each must be a text.");
            }
            texts.add(text.stringValue());
        }
        return texts;
    }

    static String name(JsonNode body, String member) {
        JsonNode name = body.path(member);
        if (!(name.isMissingNode() || name.isString()) || name.stringValue("").length() > LONGEST_NAME) {
            throw Bodies.malformed("/" + member, "Give a text of at most " + LONGEST_NAME + " characters.");
        }
        return name.stringValue("");
    }

    private static Taxonomy taxonomy(String name) {
        return name.isEmpty()
                ? Taxonomy.POSTERN
                : Arrays.stream(Taxonomy.values())
                        .filter(taxonomy ->
                                taxonomy.name().toLowerCase(Locale.ROOT).equals(name))
                        .findFirst()
                        .orElseThrow(() ->
                                Bodies.malformed("/taxonomy", "Choose postern, presidio, comprehend or phileas."));
    }

    @Override
    public String toString() {
        return "TextRequest[" + texts.size() + " texts]";
    }
}

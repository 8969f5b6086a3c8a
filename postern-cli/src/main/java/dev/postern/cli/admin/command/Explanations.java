package dev.postern.cli.admin.command;

import tools.jackson.databind.JsonNode;

/// Says what a policy decided, rule by rule.
final class Explanations {
    private Explanations() {}

    /// @param body an explanation, or a document with one in its member `explanation`
    static Shown shown(JsonNode body) {
        JsonNode explanation = body.has("explanation") ? body.path("explanation") : body;
        JsonNode decision = explanation.path("decision").isObject() ? explanation.path("decision") : explanation;
        String rule = decision.path("rule_id").asString(decision.path("rule").asString(""));
        String verdict = (decision.path("allowed").asBoolean(false) ? "Allowed" : "Denied")
                + (rule.isEmpty() ? "" : " by rule " + rule)
                + (body.has("version") ? ", policy version " + Column.text(body.path("version")) : "") + ".";
        return Shown.of(
                body,
                verdict + "\n\n"
                        + Table.of(explanation.path("rules"), Column.of("id", "effect", "outcome", "description")));
    }
}

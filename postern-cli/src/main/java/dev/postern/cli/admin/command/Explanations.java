package dev.postern.cli.admin.command;

import tools.jackson.databind.JsonNode;

/// Says what a policy decided, rule by rule.
final class Explanations {
    private Explanations() {}

    /// What a dry run or a denial's document says.
    static Shown shown(JsonNode body) {
        JsonNode explanation = body.has("explanation") ? body.path("explanation") : body;
        String rule = explanation.path("rule").asString("");
        String version = Column.text(body.path("policy_version"));
        String verdict = (explanation.path("allowed").asBoolean(false) ? "Allowed" : "Denied")
                + (rule.isEmpty() ? "" : " by rule " + rule)
                + (version.isEmpty() ? "" : ", policy version " + version) + ".";
        return Shown.of(
                body,
                verdict + "\n\n"
                        + Table.of(explanation.path("rules"), Column.of("id", "effect", "outcome", "description")));
    }
}

package dev.postern.cli.keys;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The timeline of a drill, as key-rotation-service took it.
public record DrillReport(JsonNode incident) {
    private static final JsonMapper JSON = new JsonMapper();

    /// One step.
    ///
    /// @param after since the call
    public record Step(String phase, Duration after) {}

    /// Whether everything that was waited for has happened, and the report says so: a member that is missing says
    /// nothing.
    public boolean complete() {
        return incident.path("finished").booleanValue(false) && nobodyIn("silent") && nobodyIn("owed");
    }

    private boolean nobodyIn(String member) {
        JsonNode those = incident.path(member);
        return those.isArray() && those.isEmpty();
    }

    /// From the call to the last acknowledgement; empty while somebody has not acknowledged.
    public Optional<Duration> lastAcknowledgement() {
        return steps().stream()
                .filter(step -> step.phase().equals("acknowledged"))
                .map(Step::after)
                .findFirst();
    }

    /// In the order in which they were reached.
    public List<Step> steps() {
        Instant called = Instant.parse(incident.path("phases").path("called").stringValue());
        List<Step> steps = new ArrayList<>();
        incident.path("phases")
                .properties()
                .forEach(phase -> steps.add(new Step(
                        phase.getKey(),
                        Duration.between(called, Instant.parse(phase.getValue().stringValue())))));
        incident.path("acknowledgements")
                .forEach(one -> steps.add(new Step(
                        "acknowledged by " + service(one.path("id").stringValue("")),
                        Duration.between(called, Instant.parse(one.path("at").stringValue())))));
        steps.sort(Comparator.comparing(Step::after).thenComparing(Step::phase));
        return steps;
    }

    private static String service(String id) {
        return id.substring(id.lastIndexOf('/') + 1);
    }

    /// The report as one document: the incident, and milliseconds per step.
    public ObjectNode document() {
        ObjectNode document = JSON.createObjectNode()
                .put("ok", complete())
                .put("class", incident.path("class").stringValue(""))
                .put("id", incident.path("id").stringValue(""));
        lastAcknowledgement().ifPresent(it -> document.put("last_acknowledgement_ms", it.toMillis()));
        document.put("sessions_ended", incident.path("sessions_ended").intValue(0));
        ArrayNode timeline = document.putArray("timeline");
        for (Step step : steps()) {
            timeline.addObject()
                    .put("phase", step.phase())
                    .put("ms", step.after().toMillis());
        }
        document.set("incident", incident);
        return document;
    }
}

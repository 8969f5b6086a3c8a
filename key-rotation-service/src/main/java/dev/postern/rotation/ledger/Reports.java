package dev.postern.rotation.ledger;

import dev.postern.audit.CompromiseReported;
import dev.postern.rotation.ledger.Incident.Phase;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A finished incident as the audit log and the service's log tell it.
final class Reports {
    private Reports() {}

    static CompromiseReported event(Incident incident) {
        return new CompromiseReported(
                incident.id(),
                incident.keyClass(),
                incident.mode(),
                incident.calledBy(),
                Optional.ofNullable(incident.approvedBy()),
                Set.copyOf(incident.kids()),
                millis(incident),
                incident.silent().size(),
                incident.sessionsEnded(),
                incident.complete());
    }

    static String sentence(Incident incident) {
        String phases = millis(incident).entrySet().stream()
                .map(phase -> phase.getKey() + " after " + phase.getValue() + " ms")
                .collect(Collectors.joining(", "));
        return phases + (incident.complete() ? "" : "; not complete");
    }

    private static Map<String, Integer> millis(Incident incident) {
        Map<String, Integer> millis = new TreeMap<>();
        for (Phase phase : incident.phases().keySet()) {
            millis.put(phase.code(), (int)
                    Math.min(Integer.MAX_VALUE, incident.after(phase).toMillis()));
        }
        return millis;
    }
}

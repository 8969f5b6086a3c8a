package dev.postern.audit;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// A compromise, or a drill of one, came to its end: what was denied, and how long each step took.
///
/// @param mode `drill`, `real` or `automatic`
/// @param calledBy SPIFFE id, client id, or for an automatic one the trigger
/// @param approvedBy the second person of a real one
/// @param keyIds what was denied
/// @param phaseMillis phase to the milliseconds from the call to it; a phase that was not reached is missing
/// @param silent consumers that had not acknowledged when the report was closed
/// @param sessionsEnded live sessions and requests that ended with the keys
public record CompromiseReported(
        String incidentId,
        String keyClass,
        String mode,
        String calledBy,
        Optional<String> approvedBy,
        Set<String> keyIds,
        Map<String, Integer> phaseMillis,
        int silent,
        int sessionsEnded,
        boolean complete)
        implements AuditEvent {

    public CompromiseReported {
        incidentId = EventText.bounded(incidentId);
        keyClass = EventText.bounded(keyClass);
        mode = EventText.bounded(mode);
        calledBy = EventText.bounded(calledBy);
        approvedBy = EventText.bounded(approvedBy);
        keyIds = EventText.bounded(keyIds);
        TreeMap<String, Integer> phases = new TreeMap<>();
        phaseMillis.forEach((phase, millis) -> phases.put(EventText.bounded(phase), millis));
        phaseMillis = Collections.unmodifiableMap(phases);
    }
}

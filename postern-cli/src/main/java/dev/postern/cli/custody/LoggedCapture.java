package dev.postern.cli.custody;

import dev.postern.archive.CaptureName;
import java.util.List;

/// A captured body in the log, so far as its events were seen.
///
/// @param time of its newest part
/// @param parts how many there are
/// @param events the parts that were seen
public record LoggedCapture(CaptureName name, String time, int parts, List<EventName> events) {
    /// What names an event.
    public record EventName(String source, String id) {}

    public LoggedCapture {
        events = List.copyOf(events);
    }

    /// Whether all its parts were seen.
    public boolean isWhole() {
        return events.size() == parts;
    }
}

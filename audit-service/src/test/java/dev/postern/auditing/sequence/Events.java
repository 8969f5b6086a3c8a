package dev.postern.auditing.sequence;

import dev.postern.audit.envelope.EventEnvelope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Events as a producer numbers them.
public final class Events {

    private Events() {}

    public static String source(String service) {
        return "spiffe://postern.local/service/" + service;
    }

    public static EventEnvelope event(String service, long number) {
        return new EventEnvelope(
                source(service),
                "0123456789abcdef",
                "0123456789abcdef.00000000." + number,
                number,
                "dev.postern.service.started",
                Instant.parse("2026-11-23T12:00:00Z"),
                Map.of("service", service, "instance", "i-" + number, "version", "0.1.0"));
    }

    public static List<EventEnvelope> events(String service, long first, long last) {
        List<EventEnvelope> events = new ArrayList<>();
        for (long number = first; number <= last; number++) {
            events.add(event(service, number));
        }
        return events;
    }
}

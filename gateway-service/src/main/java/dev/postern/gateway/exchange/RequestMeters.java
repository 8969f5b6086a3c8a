package dev.postern.gateway.exchange;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// `postern.requests{operation,status}`: every request from its head to the last byte of its answer.
///
/// Both tags are closed sets: a route's name, and a status of ours.
final class RequestMeters {
    private static final String NAME = "postern.requests";

    private record Key(String operation, String status) {}

    private final MeterRegistry meters;
    private final ConcurrentMap<Key, Timer> timers = new ConcurrentHashMap<>();

    RequestMeters(MeterRegistry meters) {
        this.meters = meters;
    }

    Timer.Sample start() {
        return Timer.start(meters);
    }

    void stop(Timer.Sample sample, String operation, String status) {
        sample.stop(timers.computeIfAbsent(
                new Key(operation, status),
                key -> Timer.builder(NAME)
                        .description("Requests at the edge, from head to last byte")
                        .tag("operation", key.operation())
                        .tag("status", key.status())
                        .register(meters)));
    }
}

package dev.postern.gateway.routing;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/// `postern.gateway.added`: from the last byte of a request to its last sealed frame on the socket, waiting for a
/// session included.
final class AddedLatency {
    private final MeterRegistry meters;
    private final Timer timer;

    AddedLatency(MeterRegistry meters) {
        this.meters = meters;
        this.timer = Timer.builder("postern.gateway.added")
                .description("From a request's last byte to its last sealed frame")
                .register(meters);
    }

    Timer.Sample start() {
        return Timer.start(meters);
    }

    void stop(Timer.Sample sample) {
        sample.stop(timer);
    }
}

package dev.postern.relay.upstream;

import dev.postern.relay.problem.Failure;
import dev.postern.relay.problem.FailureCode;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// The accounts of one call: told once how it went, it tells the circuit breaker and the timer
/// `postern.upstream`.
final class UpstreamAttempt {
    private final String upstream;
    private final CircuitBreaker breaker;
    private final MeterRegistry meters;
    private final LongSupplier nanoTime;
    private final long started;

    UpstreamAttempt(String upstream, CircuitBreaker breaker, MeterRegistry meters, LongSupplier nanoTime) {
        this.upstream = upstream;
        this.breaker = breaker;
        this.meters = meters;
        this.nanoTime = nanoTime;
        this.started = nanoTime.getAsLong();
    }

    void succeeded() {
        breaker.onSuccess(elapsed(), TimeUnit.NANOSECONDS);
        time("success");
    }

    void failed(Failure failure) {
        switch (failure.code().category()) {
            // The server works; it did not like the request.
            case CALLER -> breaker.onSuccess(elapsed(), TimeUnit.NANOSECONDS);
            case CAPACITY, US -> breaker.releasePermission();
            case DEPENDENCY -> breaker.onError(elapsed(), TimeUnit.NANOSECONDS, new UpstreamFailed());
        }
        time(failure.code().wireName());
    }

    void cancelled() {
        breaker.releasePermission();
        time("cancelled");
    }

    private long elapsed() {
        return nanoTime.getAsLong() - started;
    }

    private void time(String outcome) {
        meters.timer("postern.upstream", "upstream", upstream, "outcome", outcome)
                .record(elapsed(), TimeUnit.NANOSECONDS);
    }

    /// Whether another server may serve what this one answered with a status: it is busy, or away behind a proxy.
    static boolean isItsOwn(int status) {
        return switch (status) {
            case 429, 502, 503, 504 -> true;
            default -> false;
        };
    }

    /// What a status other than 200 means to the client. The server's words are never passed on.
    static Failure failureFor(int status) {
        return switch (status) {
            case 400, 422, 429 -> Failure.upstreamRejected(status);
            case 404 -> Failure.of(FailureCode.UNKNOWN_MODEL);
            case 408, 504 -> Failure.of(FailureCode.UPSTREAM_TIMEOUT);
            case 413 -> Failure.of(FailureCode.TOO_LARGE);
            // 401 and 403 too: the credentials are the relay's, so the fault is not the client's.
            default -> Failure.of(FailureCode.UPSTREAM_UNAVAILABLE);
        };
    }

    /// The breaker wants an exception; it needs to carry nothing.
    private static final class UpstreamFailed extends Exception {
        private static final long serialVersionUID = 1L;

        UpstreamFailed() {
            super("upstream failed", null, false, false);
        }
    }
}

package dev.postern.relay.upstream;

import dev.postern.relay.problem.Failure;
import dev.postern.relay.problem.FailureCode;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// The accounts of one call: told once when its answer begins and once how it went, it tells the circuit breaker and
/// the timer `postern.upstream`.
///
/// The breaker hears of a success at the answer's head, because a whole answer may take minutes and on probation nobody
/// else would be let through meanwhile. An answer that breaks off counts once more, as an error.
///
/// Guarantee: the breaker hears only of what it let through in the state that it is in; a permit for its probation is
/// given back in no other. Non-guarantee: that it is the same probation.
final class UpstreamAttempt {
    private final String upstream;
    private final CircuitBreaker breaker;
    private final MeterRegistry meters;
    private final LongSupplier nanoTime;
    private final long started;
    private final CircuitBreaker.State admittedIn;
    private boolean counted;

    /// After the breaker has let the call.
    UpstreamAttempt(String upstream, CircuitBreaker breaker, MeterRegistry meters, LongSupplier nanoTime) {
        this.upstream = upstream;
        this.breaker = breaker;
        this.meters = meters;
        this.nanoTime = nanoTime;
        this.started = nanoTime.getAsLong();
        this.admittedIn = breaker.getState();
    }

    /// The head of a good answer is there.
    void begun() {
        works();
    }

    void succeeded() {
        time("success");
    }

    void failed(Failure failure) {
        switch (failure.code().category()) {
            // The server works; it did not like the request.
            case CALLER -> works();
            case CAPACITY, US -> release();
            case DEPENDENCY -> {
                if (isCurrent()) {
                    breaker.onError(elapsed(), TimeUnit.NANOSECONDS, new UpstreamFailed());
                }
            }
        }
        time(failure.code().wireName());
    }

    void cancelled() {
        release();
        time("cancelled");
    }

    private void works() {
        counted = true;
        if (isCurrent()) {
            breaker.onSuccess(elapsed(), TimeUnit.NANOSECONDS);
        }
    }

    private void release() {
        if (!counted && isCurrent()) {
            breaker.releasePermission();
        }
    }

    private boolean isCurrent() {
        return breaker.getState() == admittedIn;
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

package dev.postern.relay.upstream;

import dev.postern.relay.problem.FailureCode;
import dev.postern.relay.problem.RequestRefused;
import dev.postern.relay.request.Operation;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Calls one OpenAI-compatible server over HTTP/1.1. Thread-safe.
///
/// Guarantees: a call that is cancelled, fails or times out closes its connection; an open circuit breaker
/// refuses at once. It does not retry: a model call is not idempotent, and the client knows better whether to
/// ask again.
public final class UpstreamModel implements AutoCloseable {
    private final UpstreamProperties properties;
    private final MeterRegistry meters;
    private final LongSupplier nanoTime;
    private final HttpClient client;
    private final @Nullable UpstreamKey key;
    private final CircuitBreaker breaker;
    private final Map<Operation, URI> addresses = new EnumMap<>(Operation.class);

    public UpstreamModel(
            UpstreamProperties properties, MeterRegistry meters, Executor executor, LongSupplier nanoTime) {
        this.properties = properties;
        this.meters = meters;
        this.nanoTime = nanoTime;
        for (Operation operation : Operation.values()) {
            addresses.put(operation, URI.create(properties.url() + "/" + operation.upstreamPath()));
        }
        this.key = properties.keyFile() == null ? null : UpstreamKey.read(properties.keyFile());
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(properties.connectTimeout())
                .executor(executor)
                .build();
        this.breaker = CircuitBreaker.of(
                "upstream",
                CircuitBreakerConfig.custom()
                        .slidingWindowSize(20)
                        .minimumNumberOfCalls(10)
                        .failureRateThreshold(50)
                        .waitDurationInOpenState(Duration.ofSeconds(2))
                        .permittedNumberOfCallsInHalfOpenState(3)
                        .automaticTransitionFromOpenToHalfOpenEnabled(false)
                        .build());
    }

    /// Sends `body`, which must be redacted already, and reports to `listener` on `loop`. Call it on `loop`
    /// too.
    ///
    /// @param streamed whether the body asks for an event stream
    public UpstreamCall start(
            Operation operation,
            boolean streamed,
            byte[] body,
            ScheduledExecutorService loop,
            UpstreamListener listener)
            throws RequestRefused {
        if (!breaker.tryAcquirePermission()) {
            throw new RequestRefused(FailureCode.UPSTREAM_UNAVAILABLE);
        }
        UpstreamAttempt attempt = new UpstreamAttempt(breaker, meters, nanoTime);
        HttpUpstreamCall call = new HttpUpstreamCall(properties, streamed, loop, nanoTime, listener, attempt);
        HttpRequest request = request(operation)
                .header("Content-Type", "application/json")
                .header("Accept", streamed ? "text/event-stream" : "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        call.follow(client.sendAsync(request, call::answer));
        return call;
    }

    HttpClient client() {
        return client;
    }

    HttpRequest.Builder request(Operation operation) {
        HttpRequest.Builder request = HttpRequest.newBuilder(Objects.requireNonNull(addresses.get(operation)));
        UpstreamKey present = key;
        return present == null ? request : request.header("Authorization", present.revealAsAuthorizationHeader());
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}

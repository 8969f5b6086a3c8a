package dev.postern.relay.upstream;

import dev.postern.relay.request.Operation;
import dev.postern.relay.upstream.UpstreamProperties.Endpoint;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One model server: its addresses, its key, its names of models, its circuit breaker. Thread-safe.
///
/// Guarantee: its key goes to its own addresses only, for redirects are not followed.
final class UpstreamServer {
    private static final List<CircuitBreaker.State> STATES =
            List.of(CircuitBreaker.State.CLOSED, CircuitBreaker.State.OPEN, CircuitBreaker.State.HALF_OPEN);
    private static final CircuitBreakerConfig BREAKER = CircuitBreakerConfig.custom()
            .slidingWindowSize(20)
            .minimumNumberOfCalls(10)
            .failureRateThreshold(50)
            .waitDurationInOpenState(Duration.ofSeconds(2))
            .permittedNumberOfCallsInHalfOpenState(3)
            .automaticTransitionFromOpenToHalfOpenEnabled(false)
            .build();

    private final Endpoint endpoint;
    private final UpstreamProperties properties;
    private final HttpClient client;
    private final MeterRegistry meters;
    private final LongSupplier nanoTime;
    private final @Nullable UpstreamKey key;
    private final CircuitBreaker breaker;
    private final Map<Operation, URI> addresses = new EnumMap<>(Operation.class);

    UpstreamServer(
            Endpoint endpoint,
            UpstreamProperties properties,
            HttpClient client,
            MeterRegistry meters,
            LongSupplier nanoTime) {
        this.endpoint = endpoint;
        this.properties = properties;
        this.client = client;
        this.meters = meters;
        this.nanoTime = nanoTime;
        for (Operation operation : Operation.values()) {
            addresses.put(operation, URI.create(endpoint.url() + "/" + operation.upstreamPath()));
        }
        this.key = endpoint.keyFile() == null ? null : UpstreamKey.read(endpoint.keyFile());
        this.breaker = CircuitBreaker.of(endpoint.name(), BREAKER);
        for (CircuitBreaker.State state : STATES) {
            Gauge.builder("postern.upstream.breaker", breaker, seen -> seen.getState() == state ? 1 : 0)
                    .description("Whether the circuit breaker is in this state")
                    .tag("upstream", endpoint.name())
                    .tag("state", wireName(state))
                    .register(meters);
        }
    }

    private static String wireName(CircuitBreaker.State state) {
        return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String name() {
        return endpoint.name();
    }

    /// Its names of models, by the clients' names; empty when it knows them all by those.
    Map<String, String> models() {
        return endpoint.models();
    }

    boolean serves(String model) {
        return models().isEmpty() || models().containsKey(model);
    }

    /// The state of its circuit breaker.
    String state() {
        return wireName(breaker.getState());
    }

    boolean isShut() {
        return breaker.getState() == CircuitBreaker.State.OPEN;
    }

    /// Whether it may be asked now. A yes is a permit: [#call] must follow.
    boolean admits() {
        return breaker.tryAcquirePermission();
    }

    /// Sends a request, and reports to `listener` on `loop`.
    HttpUpstreamCall call(ModelRequest asked, ScheduledExecutorService loop, AttemptListener listener) {
        UpstreamAttempt attempt = new UpstreamAttempt(name(), breaker, meters, nanoTime);
        try {
            HttpUpstreamCall call = new HttpUpstreamCall(properties, asked, loop, nanoTime, listener, attempt);
            HttpRequest request = request(asked.operation())
                    .header("Content-Type", "application/json")
                    .header("Accept", asked.streamed() ? "text/event-stream" : "application/json")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body(asked)))
                    .build();
            call.follow(client.sendAsync(request, call::answer));
            return call;
        } catch (RuntimeException bug) {
            attempt.cancelled();
            throw bug;
        }
    }

    private byte[] body(ModelRequest asked) {
        String own = models().getOrDefault(asked.model(), asked.model());
        return own.equals(asked.model()) ? asked.body() : ModelName.replaced(asked.body(), own);
    }

    HttpRequest.Builder request(Operation operation) {
        HttpRequest.Builder request = HttpRequest.newBuilder(Objects.requireNonNull(addresses.get(operation)));
        UpstreamKey present = key;
        return present == null ? request : request.header("Authorization", present.revealAsAuthorizationHeader());
    }
}

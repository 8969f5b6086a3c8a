package dev.postern.relay.anomaly;

import dev.postern.policy.anomaly.ContainmentOrder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands containment orders to the token-service over mTLS, which takes back what they name on all replicas. The same
/// order may arrive twice: its incident says so.
///
/// Repeats for about five minutes with growing pauses; what was refused (a client error) is not repeated. At most
/// [#PENDING] orders are under way; there is no room for one more.
final class ContainmentReports implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ContainmentReports.class);

    private static final int PENDING = 256;
    private static final int ATTEMPTS = 40;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final HttpClient http;
    private final URI endpoint;
    private final ScheduledExecutorService pauses;
    private final AnomalyMeters meters;
    private final Semaphore places = new Semaphore(PENDING);

    /// @param http presents this service's identity and trusts the token-service only
    /// @param tokenService without a path
    ContainmentReports(HttpClient http, URI tokenService, ScheduledExecutorService pauses, AnomalyMeters meters) {
        this.http = http;
        this.endpoint = tokenService.resolve("/v1/containments");
        this.pauses = pauses;
        this.meters = meters;
    }

    /// Sends it, now and until it arrives.
    ///
    /// @return whether there was room for it
    boolean offer(ContainmentOrder order) {
        if (!places.tryAcquire()) {
            return false;
        }
        send(order, 1, FIRST_PAUSE);
        return true;
    }

    private void send(ContainmentOrder order, int attempt, Duration pause) {
        HttpRequest request = HttpRequest.newBuilder(endpoint)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(order.toJson()))
                .build();
        var _ = http.sendAsync(request, BodyHandlers.discarding()).handle((answer, failure) -> {
            int status = failure == null ? answer.statusCode() : 0;
            if (status / 100 == 2) {
                over("reported");
            } else if (status / 100 == 4 && status != 408 && status != 429) {
                log.warn("containment {} was refused with {}", order.incident(), status);
                over("unreported");
            } else if (attempt == ATTEMPTS) {
                log.warn("containment {} could not be reported", order.incident());
                over("unreported");
            } else {
                again(order, attempt, pause);
            }
            return status;
        });
    }

    private void again(ContainmentOrder order, int attempt, Duration pause) {
        Duration next = pause.multipliedBy(2);
        var _ = pauses.schedule(
                () -> send(order, attempt + 1, next.compareTo(LONGEST_PAUSE) < 0 ? next : LONGEST_PAUSE),
                pause.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private void over(String outcome) {
        places.release();
        meters.contained(outcome);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}

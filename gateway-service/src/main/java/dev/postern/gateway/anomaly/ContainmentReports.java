package dev.postern.gateway.anomaly;

import dev.postern.gateway.relay.TokenServiceHttp;
import dev.postern.policy.anomaly.ContainmentOrder;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.util.retry.Retry;

/// Hands containment orders to the token-service, which takes back what they name on all replicas. The same order may
/// arrive twice: its incident says so.
///
/// Repeats for about five minutes with growing pauses; what was refused (a client error) is not repeated. At most
/// [#PENDING] orders are under way; there is no room for one more.
final class ContainmentReports {

    private static final Logger log = LoggerFactory.getLogger(ContainmentReports.class);

    private static final int PENDING = 256;
    private static final Retry REPEATED = Retry.backoff(40, Duration.ofMillis(200))
            .maxBackoff(Duration.ofSeconds(10))
            .filter(failure -> !(failure instanceof Refused));

    private final TokenServiceHttp tokenService;
    private final AnomalyMeters meters;
    private final Semaphore places = new Semaphore(PENDING);

    /// The token-service does not want it, today or tomorrow.
    private static final class Refused extends RuntimeException {
        Refused(int status) {
            super("refused with " + status, null, false, false);
        }
    }

    /// The token-service cannot do it at present.
    private static final class NotNow extends RuntimeException {
        NotNow(int status) {
            super("answered " + status, null, false, false);
        }
    }

    ContainmentReports(TokenServiceHttp tokenService, AnomalyMeters meters) {
        this.tokenService = tokenService;
        this.meters = meters;
    }

    /// Sends it, now and until it arrives.
    ///
    /// @return whether there was room for it
    boolean offer(ContainmentOrder order) {
        if (!places.tryAcquire()) {
            return false;
        }
        var _ = post(order.toJson())
                .retryWhen(REPEATED)
                .doFinally(_ -> places.release())
                .subscribe(
                        _ -> {},
                        failure -> {
                            log.warn("containment {} was not taken: {}", order.incident(), failure.getMessage());
                            meters.contained("unreported");
                        },
                        () -> meters.contained("reported"));
        return true;
    }

    private Mono<Void> post(String document) {
        return tokenService
                .client()
                .headers(headers -> headers.set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON))
                .post()
                .uri(tokenService.base().resolve("/v1/containments"))
                .send(ByteBufFlux.fromString(Mono.just(document)))
                .response()
                .flatMap(response -> {
                    int status = response.status().code();
                    if (status / 100 == 2) {
                        return Mono.empty();
                    }
                    return Mono.error(
                            status / 100 == 4 && status != 408 && status != 429
                                    ? new Refused(status)
                                    : new NotNow(status));
                });
    }
}

package dev.postern.gateway.admission;

import dev.postern.gateway.admission.Admission.Taken;
import dev.postern.gateway.admission.AnswerMeter.Charge;
import dev.postern.gateway.api.RequestBody;
import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import dev.postern.policy.Price;
import dev.postern.token.AccessToken;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/// One request's way through admission: taken before it is sent, settled when it ends, however it ends.
///
/// Thread-safe. Closed more than once it settles once; closed before the ledger answered, it gives everything back as
/// soon as it does.
public final class Ticket implements AutoCloseable {
    /// Whose request it is.
    record Holder(AccessToken token) {
        String tenant() {
            return token.tenant();
        }

        String clientId() {
            return token.clientId();
        }
    }

    private final Admission admission;
    private final Demand demand;
    private final Holder holder;
    private final Optional<Price> price;
    private final RequestBody body;
    private final AnswerMeter answer;
    private @Nullable Taken taken;
    private boolean closed;

    Ticket(
            Admission admission,
            Demand demand,
            Holder holder,
            Optional<Price> price,
            RequestBody body,
            AnswerMeter answer) {
        this.admission = admission;
        this.demand = demand;
        this.holder = holder;
        this.price = price;
        this.body = body;
        this.answer = answer;
    }

    /// Admits the request, or fails with [Refused]; either way the client reads from `headers` where it stands.
    ///
    /// @param thread where it goes on; the request's own, because the ledger's is for the ledger
    public Mono<Void> admit(HttpHeaders headers, Executor thread) {
        if (demand.isUnlimited()) {
            return Mono.empty();
        }
        // Whoever does not wait any more does not keep it from being taken, nor from being given back.
        return Mono.fromFuture(
                        () -> admission
                                .take(demand, holder)
                                .thenApply(this::keep)
                                .thenApplyAsync(
                                        verdict -> {
                                            RateLimitFields.write(verdict, headers);
                                            return verdict;
                                        },
                                        thread)
                                .toCompletableFuture(),
                        true)
                .flatMap(verdict -> verdict.refusing()
                        .map(meter -> Mono.<Void>error(new Refused(failure(meter))))
                        .orElseGet(Mono::empty));
    }

    private static Failure failure(Meter refusing) {
        return refusing.kind().isBudget() ? Failure.QUOTA_EXHAUSTED : Failure.RATE_LIMITED;
    }

    private synchronized Verdict keep(Taken result) {
        if (result.verdict().isAllowed()) {
            if (closed) {
                settle(result, new Charge(AnswerMeter.Basis.NOTHING, 0, 0));
            } else {
                taken = result;
            }
        }
        return result.verdict();
    }

    /// The body to send: the client's, perhaps with the request that the model report its use.
    public RequestBody body() {
        return body;
    }

    /// The request is on the socket to a relay: from now on it may cost something.
    public void sent() {
        answer.sent();
    }

    /// Counts a stream's events on their way, and keeps back what the client did not ask for.
    public <E> Flux<E> events(Flux<E> events, Function<E, byte[]> json) {
        return events.filter(event -> answer.pass(json.apply(event)))
                .doOnError(this::failed)
                .doFinally(_ -> close());
    }

    /// Counts a document.
    public Mono<byte[]> document(Mono<byte[]> document) {
        return document.doOnNext(answer::pass).doOnError(this::failed).doFinally(_ -> close());
    }

    private void failed(Throwable thrown) {
        if (thrown instanceof Refused refused) {
            answer.failed(refused.failure());
        }
    }

    @Override
    public synchronized void close() {
        Charge charge = answer.charge();
        if (!closed) {
            admission.used(holder.token(), charge.prompt() + charge.output());
        }
        closed = true;
        Taken open = taken;
        taken = null;
        if (open != null) {
            settle(open, charge);
        }
    }

    private void settle(Taken open, Charge charge) {
        if (!open.demand().isSettled()) {
            return;
        }
        admission.settled(charge.basis());
        long tokens = Math.min(Meter.MOST, charge.prompt() + charge.output());
        Used used = new Used(tokens, Admission.spend(price, charge.prompt(), charge.output()));
        open.ledger().settle(open.demand(), used);
    }
}

package dev.postern.redacting.wire;

import com.google.protobuf.UnsafeByteOperations;
import dev.postern.redacting.engine.ExchangeRefused;
import dev.postern.redacting.engine.OpenExchange;
import dev.postern.redaction.v1.Answer;
import dev.postern.redaction.v1.Prompt;
import dev.postern.redaction.v1.RedactedPrompt;
import dev.postern.redaction.v1.Refused;
import dev.postern.redaction.v1.Reply;
import dev.postern.redaction.v1.ReplyBatch;
import dev.postern.redaction.v1.Request;
import dev.postern.redaction.v1.RequestBatch;
import dev.postern.redaction.v1.RestoredAnswer;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One relay's stream. gRPC calls it from one thread at a time.
///
/// Guarantee: each batch is answered by one batch; a step that fails for whatever reason ends its own exchange with
/// Refused and leaves the others alone. The next batch is asked for only while the peer takes replies, so a slow relay
/// costs one batch of memory. An exchange ends with the deadline that its prompt came with, and a prompt whose time is
/// over before its turn is not redacted.
final class ExchangeStream implements StreamObserver<RequestBatch> {
    private static final Logger log = LoggerFactory.getLogger(ExchangeStream.class);

    private static final int LOGGED_FRAMES = 12;

    private final ExchangeOpener opener;
    private final ExchangeTable exchanges;
    private final ExchangeMetrics metrics;
    private final ServerCallStreamObserver<ReplyBatch> replies;
    private final Consumer<ExchangeStream> onEnd;
    private final Clock clock;
    private boolean waiting;

    ExchangeStream(
            ExchangeOpener opener,
            ExchangeTable exchanges,
            ExchangeMetrics metrics,
            ServerCallStreamObserver<ReplyBatch> replies,
            Consumer<ExchangeStream> onEnd,
            Clock clock) {
        this.opener = opener;
        this.exchanges = exchanges;
        this.metrics = metrics;
        this.replies = replies;
        this.onEnd = onEnd;
        this.clock = clock;
    }

    void start() {
        replies.disableAutoRequest();
        replies.setOnReadyHandler(this::readyAgain);
        replies.setOnCancelHandler(this::end);
        replies.request(1);
    }

    @Override
    public void onNext(RequestBatch batch) {
        Instant taken = clock.instant();
        ReplyBatch.Builder answered = ReplyBatch.newBuilder();
        for (Request request : batch.getItemsList()) {
            step(request, taken).ifPresent(answered::addItems);
        }
        if (answered.getItemsCount() > 0) {
            send(answered.build());
        }
        if (replies.isReady()) {
            replies.request(1);
        } else {
            waiting = true;
        }
    }

    /// A batch without items, which is the reply to none. Any thread.
    void askToMove() {
        try {
            send(ReplyBatch.getDefaultInstance());
        } catch (RuntimeException _) {
            // Ended meanwhile.
        }
    }

    private void send(ReplyBatch batch) {
        synchronized (replies) {
            replies.onNext(batch);
        }
    }

    @Override
    public void onError(Throwable failure) {
        end();
    }

    @Override
    public void onCompleted() {
        end();
        synchronized (replies) {
            replies.onCompleted();
        }
    }

    private void readyAgain() {
        if (waiting) {
            waiting = false;
            replies.request(1);
        }
    }

    private void end() {
        exchanges.clear();
        onEnd.accept(this);
    }

    private Optional<Reply> step(Request request, Instant taken) {
        long id = request.getExchange();
        try {
            return switch (request.getStepCase()) {
                case PROMPT -> Optional.of(open(id, request.getPrompt(), taken));
                case ANSWER -> Optional.of(restore(id, request.getAnswer()));
                case CANCEL -> {
                    exchanges.remove(id);
                    yield Optional.empty();
                }
                case STEP_NOT_SET -> throw new ExchangeRefused(ExchangeRefused.Reason.MALFORMED);
            };
        } catch (ExchangeRefused e) {
            return Optional.of(refuse(id, e));
        } catch (RuntimeException | StackOverflowError e) {
            // Fails closed: whatever went wrong, nothing of this exchange goes on.
            log.error("an exchange failed in the engine: {} at {}", e.getClass().getName(), frames(e));
            return Optional.of(refuse(id, new ExchangeRefused(ExchangeRefused.Reason.INTERNAL)));
        }
    }

    private Reply open(long id, Prompt prompt, Instant taken) throws ExchangeRefused {
        long start = System.nanoTime();
        exchanges.requireRoomFor(id);
        Instant until = until(prompt, taken);
        if (!clock.instant().isBefore(until)) {
            // Those before it in its batch took too long: nobody waits for this one.
            throw new ExchangeRefused(ExchangeRefused.Reason.TOO_LATE);
        }
        OpenExchange exchange = opener.open(new dev.postern.redacting.prompt.Prompt(
                prompt.getTenant(),
                prompt.getClientId(),
                prompt.getConversation(),
                prompt.getLabel(),
                prompt.getBody().toByteArray()));
        exchanges.put(id, exchange, until);
        Map<String, Integer> found = exchange.prompt().found();
        metrics.redacted(System.nanoTime() - start, found);
        return reply(id)
                .setPrompt(RedactedPrompt.newBuilder()
                        .setBody(UnsafeByteOperations.unsafeWrap(
                                exchange.prompt().body()))
                        .putAllFound(found))
                .build();
    }

    private static Instant until(Prompt prompt, Instant taken) {
        int millis = prompt.getDeadlineMs();
        return millis == 0 ? Instant.MAX : taken.plusMillis(Integer.toUnsignedLong(millis));
    }

    private Reply restore(long id, Answer answer) throws ExchangeRefused {
        long start = System.nanoTime();
        OpenExchange exchange = exchanges.get(id);
        List<byte[]> events = exchange.answer(answer.getData().toByteArray(), answer.getLast(), answer.getStreamed());
        RestoredAnswer.Builder restored = RestoredAnswer.newBuilder().setLast(answer.getLast());
        events.forEach(event -> restored.addData(UnsafeByteOperations.unsafeWrap(event)));
        if (answer.getLast()) {
            exchanges.remove(id);
            metrics.ended(exchange.restored(), exchange.removed());
        }
        metrics.restored(System.nanoTime() - start);
        return reply(id).setAnswer(restored).build();
    }

    private Reply refuse(long id, ExchangeRefused refused) {
        exchanges.remove(id);
        metrics.refused(refused.reason());
        return reply(id)
                .setRefused(
                        Refused.newBuilder().setCode(refused.reason().code()).addAllKinds(refused.kinds()))
                .build();
    }

    /// Where it failed. Never its message: that may quote the prompt, whatever the logging configuration does.
    private static List<StackTraceElement> frames(Throwable failure) {
        return Arrays.stream(failure.getStackTrace()).limit(LOGGED_FRAMES).toList();
    }

    private static Reply.Builder reply(long id) {
        return Reply.newBuilder().setExchange(id);
    }
}

package dev.postern.cli.bench.redaction;

import dev.postern.cli.bench.Latencies;
import dev.postern.cli.terminal.Failure;
import dev.postern.redaction.v1.RedactionGrpc;
import dev.postern.redaction.v1.Reply;
import dev.postern.redaction.v1.ReplyBatch;
import dev.postern.redaction.v1.RequestBatch;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A closed loop of exchanges on one stream, in batches as the relay sends them: two are on the way at most, so that
/// the service never waits, and what one was answered is asked on in one. A question takes as long as its batch.
final class BatchLoad implements StreamObserver<ReplyBatch> {
    private static final int MOST_BATCHES = 2;
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(30);

    private final List<Exchanges> exchanges = new ArrayList<>();
    private final Queue<Sent> sent = new ArrayDeque<>();
    private final Latencies nanos = new Latencies();
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private final StreamObserver<RequestBatch> requests;
    private final long began = System.nanoTime();
    private final long end;
    private int failed;

    private record Sent(long nanoTime, int questions) {}

    private BatchLoad(Channel channel, Sample sample, int streams, Duration each) {
        for (int i = 0; i < streams; i++) {
            exchanges.add(new Exchanges(sample, i));
        }
        this.end = began + each.toNanos();
        this.requests = RedactionGrpc.newStub(channel).exchange(this);
    }

    /// @param streams exchanges at once
    static Tally run(Channel channel, Sample sample, int streams, Duration each) throws InterruptedException {
        BatchLoad load = new BatchLoad(channel, sample, streams, each);
        load.begin();
        try {
            load.over.get(each.plus(LAST_ANSWERS).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new Failure("The load run over gRPC broke off.", e);
        }
        return load.tally();
    }

    private synchronized void begin() {
        int batch = Math.ceilDiv(exchanges.size(), MOST_BATCHES);
        for (int from = 0; from < exchanges.size(); from += batch) {
            send(exchanges.subList(from, Math.min(exchanges.size(), from + batch)));
        }
    }

    private synchronized Tally tally() {
        return new Tally(nanos, failed, Duration.ofNanos(System.nanoTime() - began));
    }

    private void send(List<Exchanges> asking) {
        RequestBatch.Builder batch = RequestBatch.newBuilder();
        asking.forEach(exchange -> batch.addAllItems(exchange.ask()));
        RequestBatch built = batch.build();
        sent.add(new Sent(System.nanoTime(), asking.size()));
        requests.onNext(built);
    }

    @Override
    public synchronized void onNext(ReplyBatch batch) {
        if (batch.getItemsCount() == 0) {
            // The service would like to be left for another connection. It answers what it is asked all the same.
            return;
        }
        long now = System.nanoTime();
        Sent question = sent.remove();
        failed += question.questions() - batch.getItemsCount();
        List<Exchanges> answered = new ArrayList<>();
        for (Reply reply : batch.getItemsList()) {
            Exchanges exchange = exchanges.get(Math.toIntExact(reply.getExchange()));
            answered.add(exchange);
            switch (exchange.hear(reply)) {
                case MEASURED -> nanos.add(now - question.nanoTime());
                case BEFORE -> {}
                case BAD -> failed++;
            }
        }
        if (now < end) {
            send(answered);
        } else if (sent.isEmpty()) {
            requests.onCompleted();
        }
    }

    @Override
    public void onError(Throwable failure) {
        over.completeExceptionally(failure);
    }

    @Override
    public void onCompleted() {
        if (System.nanoTime() < end) {
            over.completeExceptionally(new IllegalStateException("the service ended the stream"));
        } else {
            over.complete(null);
        }
    }
}

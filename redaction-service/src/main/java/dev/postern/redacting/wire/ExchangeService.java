package dev.postern.redacting.wire;

import dev.postern.redaction.v1.RedactionGrpc;
import dev.postern.redaction.v1.ReplyBatch;
import dev.postern.redaction.v1.RequestBatch;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Opens a stream for each relay that calls.
final class ExchangeService extends RedactionGrpc.RedactionImplBase {
    private final ExchangeOpener opener;
    private final WireProperties properties;
    private final ExchangeMetrics metrics;
    private final Clock clock;
    private final Set<ExchangeTable> tables = ConcurrentHashMap.newKeySet();
    private final Set<ExchangeStream> streams = ConcurrentHashMap.newKeySet();

    ExchangeService(ExchangeOpener opener, WireProperties properties, ExchangeMetrics metrics, Clock clock) {
        this.opener = opener;
        this.properties = properties;
        this.metrics = metrics;
        this.clock = clock;
        metrics.watch(this::openExchanges);
    }

    @Override
    public StreamObserver<RequestBatch> exchange(StreamObserver<ReplyBatch> replies) {
        ExchangeTable table = new ExchangeTable(properties.exchangesPerStream(), properties.exchangeIdle(), clock);
        tables.add(table);
        ExchangeStream stream = new ExchangeStream(
                opener,
                table,
                metrics,
                (ServerCallStreamObserver<ReplyBatch>) replies,
                ended -> {
                    tables.remove(table);
                    streams.remove(ended);
                },
                clock);
        streams.add(stream);
        stream.start();
        return stream;
    }

    /// Asks every relay to begin what is new on a new connection.
    void askToMove() {
        streams.forEach(ExchangeStream::askToMove);
    }

    void forgetOver() {
        tables.forEach(ExchangeTable::forgetOver);
    }

    int openExchanges() {
        return tables.stream().mapToInt(ExchangeTable::size).sum();
    }
}

package dev.postern.cli.bench.redaction;

import dev.postern.redaction.v1.RedactionGrpc;
import dev.postern.redaction.v1.ReplyBatch;
import dev.postern.redaction.v1.Request;
import dev.postern.redaction.v1.RequestBatch;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Answers exchanges as the redaction service does, text unseen, over real gRPC: an exchange that is begun while it is
/// open, or answered while it is not, is refused.
final class FakeExchange implements AutoCloseable {
    private final Queue<List<Request>> batches = new ConcurrentLinkedQueue<>();
    private final Server server;
    private final ManagedChannel channel;
    private volatile boolean refusing;
    private volatile boolean failing;

    FakeExchange() throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new Service())
                .build()
                .start();
        channel = NettyChannelBuilder.forAddress("localhost", server.getPort())
                .usePlaintext()
                .build();
    }

    ManagedChannel channel() {
        return channel;
    }

    /// What each batch held, in order of arrival.
    List<List<Request>> batches() {
        return List.copyOf(batches);
    }

    /// Forgets what arrived until now.
    void forgetBatches() {
        batches.clear();
    }

    /// From now on every prompt is refused.
    void refuse() {
        refusing = true;
    }

    /// From now on streams break.
    void fail() {
        failing = true;
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    private final class Service extends RedactionGrpc.RedactionImplBase {
        @Override
        public StreamObserver<RequestBatch> exchange(StreamObserver<ReplyBatch> replies) {
            Set<Long> open = new HashSet<>();
            return new StreamObserver<>() {
                @Override
                public void onNext(RequestBatch batch) {
                    batches.add(batch.getItemsList());
                    if (failing) {
                        replies.onError(Status.UNAVAILABLE.asRuntimeException());
                        return;
                    }
                    // The service asks to be left, at times.
                    replies.onNext(ReplyBatch.getDefaultInstance());
                    ReplyBatch.Builder answered = ReplyBatch.newBuilder();
                    batch.getItemsList().forEach(request -> answer(request, open, answered));
                    replies.onNext(answered.build());
                }

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onCompleted() {
                    replies.onCompleted();
                }
            };
        }

        private void answer(Request request, Set<Long> open, ReplyBatch.Builder answered) {
            long exchange = request.getExchange();
            boolean good = switch (request.getStepCase()) {
                case CANCEL -> {
                    open.remove(exchange);
                    yield true;
                }
                case PROMPT -> !refusing && open.add(exchange);
                case ANSWER -> request.getAnswer().getLast() ? open.remove(exchange) : open.contains(exchange);
                case STEP_NOT_SET -> false;
            };
            if (!good) {
                answered.addItems(ReplyTo.refused(exchange));
            } else if (request.hasPrompt()) {
                answered.addItems(ReplyTo.prompt(exchange));
            } else if (request.hasAnswer()) {
                answered.addItems(ReplyTo.answer(exchange));
            }
        }
    }
}

package dev.postern.redacting.wire;

import com.google.protobuf.ByteString;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.redaction.v1.Answer;
import dev.postern.redaction.v1.Cancel;
import dev.postern.redaction.v1.Prompt;
import dev.postern.redaction.v1.RedactionGrpc;
import dev.postern.redaction.v1.Reply;
import dev.postern.redaction.v1.ReplyBatch;
import dev.postern.redaction.v1.Request;
import dev.postern.redaction.v1.RequestBatch;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// The other end of the wire, over real mTLS.
final class TestRelay implements AutoCloseable, StreamObserver<ReplyBatch> {
    private final ManagedChannel channel;
    private final StreamObserver<RequestBatch> requests;
    private final BlockingQueue<Reply> replies = new LinkedBlockingQueue<>();
    private final CompletableFuture<Status> ended = new CompletableFuture<>();

    TestRelay(int port, TlsChannelCredentials.Builder credentials) {
        channel = Grpc.newChannelBuilderForAddress("localhost", port, credentials.build())
                .build();
        requests = RedactionGrpc.newStub(channel).exchange(this);
    }

    static TestRelay as(WorkloadIdentity identity, int port) {
        return new TestRelay(
                port,
                TlsChannelCredentials.newBuilder()
                        .keyManager(identity.keyManager())
                        .trustManager(identity.trustManager()));
    }

    void send(Request.Builder... steps) {
        RequestBatch.Builder batch = RequestBatch.newBuilder();
        for (Request.Builder step : steps) {
            batch.addItems(step);
        }
        requests.onNext(batch.build());
    }

    Reply reply() throws InterruptedException {
        Reply reply = replies.poll(20, TimeUnit.SECONDS);
        if (reply == null) {
            throw new AssertionError("no reply; stream ended: " + ended.getNow(Status.OK));
        }
        return reply;
    }

    Status status() throws Exception {
        return ended.get(20, TimeUnit.SECONDS);
    }

    static Request.Builder prompt(long exchange, String body) {
        return Request.newBuilder()
                .setExchange(exchange)
                .setPrompt(Prompt.newBuilder()
                        .setTenant("acme")
                        .setClientId("demo")
                        .setOperation("/v1/chat/completions")
                        .setBody(ByteString.copyFromUtf8(body)));
    }

    static Request.Builder prompt(long exchange, String body, Duration left) {
        Request.Builder request = prompt(exchange, body);
        request.getPromptBuilder().setDeadlineMs((int) left.toMillis());
        return request;
    }

    static Request.Builder event(long exchange, String json, boolean last) {
        return Request.newBuilder()
                .setExchange(exchange)
                .setAnswer(Answer.newBuilder()
                        .setData(ByteString.copyFromUtf8(json))
                        .setLast(last)
                        .setStreamed(true));
    }

    static Request.Builder cancel(long exchange) {
        return Request.newBuilder().setExchange(exchange).setCancel(Cancel.getDefaultInstance());
    }

    @Override
    public void onNext(ReplyBatch batch) {
        replies.addAll(batch.getItemsList());
    }

    @Override
    public void onError(Throwable failure) {
        ended.complete(Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
        ended.complete(Status.OK);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}

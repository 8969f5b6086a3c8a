package dev.postern.relay.rig;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.redaction.v1.RedactedPrompt;
import dev.postern.redaction.v1.RedactionGrpc;
import dev.postern.redaction.v1.Refused;
import dev.postern.redaction.v1.Reply;
import dev.postern.redaction.v1.ReplyBatch;
import dev.postern.redaction.v1.Request;
import dev.postern.redaction.v1.RequestBatch;
import dev.postern.redaction.v1.RestoredAnswer;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A redaction service over real gRPC and mTLS that knows one person: it turns [#SECRET] into [#PSEUDONYM] and
/// back.
public final class FakeRedaction implements AutoCloseable {
    public static final String SECRET = "alice@example.com";
    public static final String PSEUDONYM = "EMAIL_1";

    private final Server server;
    private final AtomicInteger cancels = new AtomicInteger();
    private final Queue<List<Request.StepCase>> batches = new ConcurrentLinkedQueue<>();
    private final Queue<Duration> deadlines = new ConcurrentLinkedQueue<>();
    private volatile CountDownLatch held = new CountDownLatch(0);
    private volatile Duration work = Duration.ZERO;
    private final AtomicInteger toLose = new AtomicInteger();
    private volatile boolean silent;
    private volatile boolean turnsAway;
    private final AtomicInteger turnedAway = new AtomicInteger();
    private final Queue<StreamObserver<ReplyBatch>> streams = new ConcurrentLinkedQueue<>();

    /// Serves with `identity` on `port`; 0 picks one.
    public FakeRedaction(WorkloadIdentity identity, int port) throws IOException {
        server = NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                        TlsServerCredentials.newBuilder()
                                .keyManager(identity.keyManager())
                                .trustManager(identity.trustManager())
                                .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
                                .build())
                .addService(new Service())
                .build()
                .start();
    }

    public int port() {
        return server.getPort();
    }

    public int cancels() {
        return cancels.get();
    }

    /// What each batch held, in order of arrival.
    public List<List<Request.StepCase>> batches() {
        return List.copyOf(batches);
    }

    /// What time each prompt had left, in order of arrival.
    public List<Duration> deadlines() {
        return List.copyOf(deadlines);
    }

    /// Forgets what arrived until now.
    public void forgetBatches() {
        batches.clear();
    }

    /// The next batch that arrives keeps the service busy until [#release].
    public void hold() {
        held = new CountDownLatch(1);
    }

    public void release() {
        held.countDown();
    }

    /// From now on each item keeps the service busy for so long.
    public void workForEachItem(Duration time) {
        work = time;
    }

    /// The next `count` items are never answered; those after them are.
    public void loseNext(int count) {
        toLose.set(count);
    }

    /// From now on nothing is answered.
    public void fallSilent() {
        silent = true;
    }

    /// Ends every call, and each that comes from now on at once.
    public void turnAway() {
        turnsAway = true;
        streams.forEach(stream -> stream.onError(Status.PERMISSION_DENIED.asRuntimeException()));
    }

    /// How many came only to be turned away.
    public int turnedAway() {
        return turnedAway.get();
    }

    @Override
    public void close() {
        release();
        try {
            server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Service extends RedactionGrpc.RedactionImplBase {
        @Override
        public StreamObserver<RequestBatch> exchange(StreamObserver<ReplyBatch> replies) {
            Set<Long> open = ConcurrentHashMap.newKeySet();
            if (turnsAway) {
                turnedAway.incrementAndGet();
                replies.onError(Status.PERMISSION_DENIED.asRuntimeException());
            }
            streams.add(replies);
            return new StreamObserver<>() {
                @Override
                public void onNext(RequestBatch batch) {
                    batches.add(batch.getItemsList().stream()
                            .map(Request::getStepCase)
                            .toList());
                    awaitRelease();
                    if (silent) {
                        return;
                    }
                    ReplyBatch.Builder answers = ReplyBatch.newBuilder();
                    for (Request item : batch.getItemsList()) {
                        work();
                        if (toLose.getAndUpdate(left -> Math.max(0, left - 1)) == 0) {
                            answer(item, open).ifPresent(answers::addItems);
                        }
                    }
                    if (answers.getItemsCount() > 0) {
                        replies.onNext(answers.build());
                    }
                }

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onCompleted() {
                    replies.onCompleted();
                }
            };
        }
    }

    private void awaitRelease() {
        try {
            held.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        long until = System.nanoTime() + work.toNanos();
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }

    private Optional<Reply> answer(Request item, Set<Long> open) {
        Reply.Builder reply = Reply.newBuilder().setExchange(item.getExchange());
        switch (item.getStepCase()) {
            case PROMPT -> {
                deadlines.add(Duration.ofMillis(item.getPrompt().getDeadlineMs()));
                String body = item.getPrompt().getBody().toString(UTF_8);
                if (body.contains("REFUSE")) {
                    reply.setRefused(Refused.newBuilder().setCode("malformed"));
                } else if (body.contains("BLOCK") && item.getPrompt().getLabel().equals("restricted")) {
                    reply.setRefused(Refused.newBuilder()
                            .setCode("policy-blocked")
                            .addKinds("CARD")
                            .addKinds("<script>")
                            .addKinds("SSN"));
                } else {
                    open.add(item.getExchange());
                    reply.setPrompt(RedactedPrompt.newBuilder()
                            .setBody(ByteString.copyFrom(body.replace(SECRET, PSEUDONYM), UTF_8))
                            .putFound("EMAIL", body.contains(SECRET) ? 1 : 0));
                }
            }
            case ANSWER -> {
                if (!open.contains(item.getExchange())) {
                    return Optional.empty();
                }
                RestoredAnswer.Builder restored =
                        RestoredAnswer.newBuilder().setLast(item.getAnswer().getLast());
                if (!item.getAnswer().getData().isEmpty()) {
                    String data = item.getAnswer().getData().toString(UTF_8);
                    restored.addData(ByteString.copyFrom(data.replace(PSEUDONYM, SECRET), UTF_8));
                }
                reply.setAnswer(restored);
            }
            case CANCEL -> {
                open.remove(item.getExchange());
                cancels.incrementAndGet();
                return Optional.empty();
            }
            case STEP_NOT_SET -> {
                return Optional.empty();
            }
        }
        return Optional.of(reply.build());
    }
}

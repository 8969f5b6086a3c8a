package dev.postern.relay.redaction;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.postern.policy.Sensitivity;
import dev.postern.redaction.v1.Answer;
import dev.postern.redaction.v1.Cancel;
import dev.postern.redaction.v1.Prompt;
import dev.postern.redaction.v1.Reply;
import dev.postern.redaction.v1.Request;
import dev.postern.relay.request.Caller;
import dev.postern.relay.request.RelayRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/// One exchange on the redaction stream. Its methods are called on the executor it was begun with.
public final class RedactionExchange {
    private static final int PIECE = 1 << 20;

    private final long id;
    private final RedactionStream stream;
    private final Executor loop;
    private final RedactionListener listener;
    /// The stream's, as all that is not for users.
    private boolean sent;
    private volatile boolean forgotten;

    RedactionExchange(long id, RedactionStream stream, Executor loop, RedactionListener listener) {
        this.id = id;
        this.stream = stream;
        this.loop = loop;
        this.listener = listener;
    }

    /// Hands the prompt over.
    ///
    /// @param left for how long the exchange is wanted; the service gives it up by itself then
    public void prompt(Caller caller, RelayRequest request, Duration left) {
        stream.send(
                this,
                Request.newBuilder()
                        .setExchange(id)
                        .setPrompt(Prompt.newBuilder()
                                .setTenant(caller.tenant())
                                .setClientId(caller.clientId())
                                .setConversation(request.conversation().orElse(""))
                                .setLabel(request.sensitivity()
                                        .map(Sensitivity::wireName)
                                        .orElse(""))
                                .setOperation(request.operation().path())
                                .setBody(UnsafeByteOperations.unsafeWrap(request.body()))
                                // 0 would say nothing.
                                .setDeadlineMs(Math.clamp(left.toMillis(), 1, Integer.MAX_VALUE)))
                        .build());
    }

    /// One event of a streamed answer.
    public void event(byte[] json) {
        answer(UnsafeByteOperations.unsafeWrap(json), false, true);
    }

    /// The model has said everything: what is still held back comes with the last reply.
    public void endOfEvents() {
        answer(ByteString.EMPTY, true, true);
    }

    /// An answer that is one document; the sizes of its pieces, each of which is replied to.
    public List<Integer> document(byte[] json) {
        // Pieces, because a gRPC message has a size limit and a document may be larger.
        List<Integer> pieces = new ArrayList<>();
        int from = 0;
        while (json.length - from > PIECE) {
            answer(UnsafeByteOperations.unsafeWrap(json, from, PIECE), false, false);
            pieces.add(PIECE);
            from += PIECE;
        }
        answer(UnsafeByteOperations.unsafeWrap(json, from, json.length - from), true, false);
        pieces.add(json.length - from);
        return pieces;
    }

    private void answer(ByteString data, boolean last, boolean streamed) {
        stream.send(
                this,
                Request.newBuilder()
                        .setExchange(id)
                        .setAnswer(
                                Answer.newBuilder().setData(data).setLast(last).setStreamed(streamed))
                        .build());
    }

    /// Frees the exchange on both sides; the listener hears nothing more but what was already handed over.
    public void cancel() {
        if (stream.forget(this)) {
            stream.sendCancel(
                    this,
                    Request.newBuilder()
                            .setExchange(id)
                            .setCancel(Cancel.getDefaultInstance())
                            .build());
        }
    }

    /// Like [#cancel], after waiting in vain: a stream that answers nobody is given up and built anew.
    public void giveUp() {
        stream.waitedInVain(this);
        cancel();
    }

    long id() {
        return id;
    }

    boolean isForgotten() {
        return forgotten;
    }

    void forgotten() {
        forgotten = true;
    }

    /// Whether the service has heard of it.
    boolean wasSent() {
        return sent;
    }

    /// One of its items has left.
    void sent() {
        sent = true;
    }

    /// Ends it before the service does.
    void refused(RedactionRefusal reason) {
        cancel();
        hand(() -> listener.refused(reason));
    }

    void deliver(Reply reply) {
        switch (reply.getStepCase()) {
            case PROMPT -> {
                byte[] body = reply.getPrompt().getBody().toByteArray();
                Map<String, Integer> found = Map.copyOf(reply.getPrompt().getFoundMap());
                hand(() -> listener.redacted(body, found));
            }
            case ANSWER -> {
                boolean last = reply.getAnswer().getLast();
                List<byte[]> events = new ArrayList<>(reply.getAnswer().getDataCount());
                for (ByteString data : reply.getAnswer().getDataList()) {
                    events.add(data.toByteArray());
                }
                if (last) {
                    stream.forget(this);
                }
                hand(() -> listener.restored(events, last));
            }
            case REFUSED -> {
                stream.forget(this);
                RedactionRefusal reason = RedactionRefusal.of(reply.getRefused().getCode());
                if (reason == RedactionRefusal.BLOCKED) {
                    List<String> kinds = List.copyOf(reply.getRefused().getKindsList());
                    hand(() -> listener.blocked(kinds));
                } else {
                    hand(() -> listener.refused(reason));
                }
            }
            case STEP_NOT_SET -> {
                stream.forget(this);
                hand(() -> listener.refused(RedactionRefusal.FAILED));
            }
        }
    }

    void lost() {
        hand(listener::lost);
    }

    private void hand(Runnable step) {
        try {
            loop.execute(step);
        } catch (RejectedExecutionException _) {
            // The relay is going down: nobody waits for the answer.
        }
    }
}

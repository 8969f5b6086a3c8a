package dev.postern.cli.bench.sealed;

import dev.postern.cli.bench.Latencies;
import dev.postern.cli.bench.sealed.Talk.Heard;
import dev.postern.cli.bench.sealed.Talk.Question;
import dev.postern.cli.terminal.Failure;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One connection under load, round after round: so many questions open at once, or one every so often. Confined to its
/// event loop, but for the futures.
///
/// A paced question is timed from the moment it was due, whenever it left, and a round ends when its last question is
/// answered or given up as failed: a server that stalls can hide nothing.
final class Lane extends SimpleChannelInboundHandler<WebSocketFrame> {
    private final Talk talk;
    private final CompletableFuture<Lane> open = new CompletableFuture<>();
    /// By number, since when each has waited.
    private final Map<Integer, Long> asked = new HashMap<>();
    private Latencies latencies = new Latencies();
    private CompletableFuture<Tally> done = new CompletableFuture<>();
    private State state = State.IDLE;
    private boolean greeted;
    private boolean lost;
    private int round;
    private long parts;
    private int failed;
    private @Nullable ChannelHandlerContext context;

    private enum State {
        IDLE,
        /// One answered question makes room for the next.
        SATURATED,
        PACED,
        /// No more questions; the last answers are on their way.
        ENDING
    }

    /// What a connection has seen in one round.
    ///
    /// @param parts messages of answers, the last ones included
    record Tally(Latencies latencies, long parts, int failed) {
        /// To and fro: questions that were answered whole, and what came.
        long messages() {
            return latencies.count() + parts;
        }
    }

    Lane(Talk talk) {
        this.talk = talk;
    }

    /// Complete when questions may be asked.
    CompletableFuture<Lane> open() {
        return open;
    }

    /// Begins a round with so many questions open, until it is told to [#end].
    void keepOpen(int depth) {
        onLoop(() -> {
            begin(State.SATURATED);
            for (int i = 0; i < depth; i++) {
                ask(System.nanoTime());
            }
            flush();
        });
    }

    /// Begins a round with one question every `interval`, from `first` on, both by the monotonic clock, until it is
    /// told to [#end].
    void pace(long first, long interval) {
        onLoop(() -> {
            begin(State.PACED);
            askWhenDue(first, interval, round);
        });
    }

    /// A round of one question.
    CompletableFuture<Tally> once() {
        CompletableFuture<Tally> result = new CompletableFuture<>();
        onLoop(() -> {
            begin(State.ENDING);
            done = result;
            ask(System.nanoTime());
            flush();
        });
        return result;
    }

    private void begin(State next) {
        state = next;
        round++;
        asked.clear();
        latencies = new Latencies();
        parts = 0;
        failed = 0;
    }

    private void askWhenDue(long due, long interval, int of) {
        ChannelHandlerContext here = context;
        if (here == null) {
            return;
        }
        var _ = here.executor()
                .schedule(
                        () -> {
                            if (state == State.PACED && round == of) {
                                ask(due);
                                flush();
                                askWhenDue(due + interval, interval, of);
                            }
                        },
                        due - System.nanoTime(),
                        TimeUnit.NANOSECONDS);
    }

    /// Asks no more. The result comes with the last answer.
    CompletableFuture<Tally> end() {
        CompletableFuture<Tally> result = new CompletableFuture<>();
        onLoop(() -> {
            state = State.ENDING;
            done = result;
            completeIfAnswered();
        });
        return result;
    }

    /// What is not answered by now is a failure.
    void giveUp() {
        onLoop(() -> {
            failed += asked.size();
            asked.clear();
            completeIfAnswered();
        });
    }

    private void completeIfAnswered() {
        if (state == State.ENDING && asked.isEmpty()) {
            state = State.IDLE;
            done.complete(new Tally(latencies, parts, failed));
        }
    }

    private void onLoop(Runnable step) {
        ChannelHandlerContext here = context;
        if (here == null) {
            throw new IllegalStateException("not connected");
        }
        here.executor().execute(step);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext here, Object event) {
        if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
            byte[] greeting = talk.greeting();
            if (greeting.length == 0) {
                ready();
            } else {
                send(here, greeting);
                here.flush();
            }
        }
        here.fireUserEventTriggered(event);
    }

    private void ready() {
        greeted = true;
        open.complete(this);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext here, WebSocketFrame frame) {
        switch (frame) {
            case BinaryWebSocketFrame message -> {
                byte[] octets = ByteBufUtil.getBytes(message.content());
                if (greeted) {
                    hear(octets);
                } else {
                    talk.greeted(octets);
                    ready();
                }
            }
            case CloseWebSocketFrame close -> lose(close.statusCode() + " " + close.reasonText());
            default -> {}
        }
    }

    private void hear(byte[] message) {
        switch (talk.hear(message)) {
            case Heard.Part() -> parts++;
            case Heard.Last(int question) -> answered(question);
            case Heard.Bad(int question) -> refused(question);
            case Heard.Other() -> {}
        }
    }

    private void answered(int question) {
        Long since = asked.remove(question);
        if (since == null) {
            // Given up, or of a round before.
            return;
        }
        long now = System.nanoTime();
        parts++;
        latencies.add((now - since) / 1000);
        over(now);
    }

    private void refused(int question) {
        if (asked.remove(question) != null) {
            failed++;
            over(System.nanoTime());
        }
    }

    /// A question is, one way or the other.
    private void over(long now) {
        if (state == State.SATURATED) {
            ask(now);
        }
        completeIfAnswered();
    }

    private void ask(long since) {
        ChannelHandlerContext here = context;
        if (here == null || lost) {
            failed++;
            return;
        }
        Question question = talk.ask();
        asked.put(question.number(), since);
        question.messages().forEach(message -> send(here, message));
    }

    private static void send(ChannelHandlerContext here, byte[] message) {
        var _ = here.write(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(message)), here.voidPromise());
    }

    private void flush() {
        ChannelHandlerContext here = context;
        if (here != null) {
            here.flush();
        }
        completeIfAnswered();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext here) {
        here.flush();
        here.fireChannelReadComplete();
    }

    @Override
    public void channelInactive(ChannelHandlerContext here) {
        lose("connection lost");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext here, Throwable cause) {
        open.completeExceptionally(cause);
        var _ = here.close();
    }

    private void lose(String reason) {
        open.completeExceptionally(new Failure("A connection of the benchmark was closed: " + reason + "."));
        if (!lost) {
            lost = true;
            // One more for the connection itself, should it have asked nothing.
            failed += asked.size() + 1;
            asked.clear();
            completeIfAnswered();
        }
    }
}

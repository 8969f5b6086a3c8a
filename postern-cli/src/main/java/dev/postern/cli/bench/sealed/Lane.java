package dev.postern.cli.bench.sealed;

import dev.postern.cli.bench.Latencies;
import dev.postern.cli.terminal.Failure;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One connection under load: so many questions open at once, or one every so often. Confined to its event loop, but
/// for
/// the futures.
///
/// A paced question is timed from the moment it was due, whenever it left: a server that stalls cannot hide the
/// questions it made wait.
final class Lane extends SimpleChannelInboundHandler<WebSocketFrame> {
    private final Talk talk;
    private final CompletableFuture<Lane> open = new CompletableFuture<>();
    private final Queue<Long> asked = new ArrayDeque<>();
    private Latencies latencies = new Latencies();
    private boolean greeted;
    private boolean running;
    private boolean paced;
    private int round;
    private long parts;
    private int failed;
    private @Nullable ChannelHandlerContext context;

    /// What a connection has seen.
    ///
    /// @param parts messages of answers, the last ones included
    record Tally(Latencies latencies, long parts, int failed) {}

    Lane(Talk talk) {
        this.talk = talk;
    }

    /// Complete when questions may be asked.
    CompletableFuture<Lane> open() {
        return open;
    }

    /// Keeps so many questions open until it is told to [#stop].
    void keepOpen(int depth) {
        onLoop(() -> {
            begin();
            for (int i = 0; i < depth; i++) {
                ask(System.nanoTime());
            }
            flush();
        });
    }

    /// Asks one question every `interval`, from `first` on, both by the monotonic clock, until it is told to [#stop].
    void pace(long first, long interval) {
        onLoop(() -> {
            begin();
            paced = true;
            askWhenDue(first, interval, round);
        });
    }

    private void begin() {
        latencies = new Latencies();
        parts = 0;
        failed = 0;
        running = true;
        paced = false;
        round++;
    }

    private void askWhenDue(long due, long interval, int of) {
        ChannelHandlerContext here = context;
        if (here == null) {
            return;
        }
        var _ = here.executor()
                .schedule(
                        () -> {
                            if (running && round == of) {
                                ask(due);
                                flush();
                                askWhenDue(due + interval, interval, of);
                            }
                        },
                        due - System.nanoTime(),
                        TimeUnit.NANOSECONDS);
    }

    /// Asks no more. What it had seen by then is the result.
    CompletableFuture<Tally> stop() {
        CompletableFuture<Tally> done = new CompletableFuture<>();
        onLoop(() -> {
            running = false;
            done.complete(new Tally(latencies, parts, failed));
        });
        return done;
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
            case CloseWebSocketFrame close -> end(close.statusCode() + " " + close.reasonText());
            default -> {}
        }
    }

    private void hear(byte[] message) {
        switch (talk.hear(message)) {
            case PART -> parts += running ? 1 : 0;
            case LAST -> answered(true);
            case FAILED -> answered(false);
            case OTHER -> {}
        }
    }

    private void answered(boolean well) {
        Long since = asked.poll();
        if (!running) {
            // The result is out already.
            return;
        }
        long now = System.nanoTime();
        if (well && since != null) {
            parts++;
            latencies.add((now - since) / 1000);
        } else {
            failed++;
        }
        if (!paced) {
            ask(now);
        }
    }

    private void ask(long since) {
        ChannelHandlerContext here = context;
        if (here == null) {
            return;
        }
        asked.add(since);
        talk.ask().forEach(message -> send(here, message));
    }

    private static void send(ChannelHandlerContext here, byte[] message) {
        var _ = here.write(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(message)), here.voidPromise());
    }

    private void flush() {
        ChannelHandlerContext here = context;
        if (here != null) {
            here.flush();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext here) {
        here.flush();
        here.fireChannelReadComplete();
    }

    @Override
    public void channelInactive(ChannelHandlerContext here) {
        end("connection lost");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext here, Throwable cause) {
        open.completeExceptionally(cause);
        var _ = here.close();
    }

    private void end(String reason) {
        open.completeExceptionally(new Failure("A connection of the benchmark was closed: " + reason + "."));
        if (running) {
            failed += asked.size() + 1;
            running = false;
        }
    }
}

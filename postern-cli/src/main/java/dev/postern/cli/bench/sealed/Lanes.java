package dev.postern.cli.bench.sealed;

import dev.postern.cli.bench.Latencies;
import dev.postern.cli.terminal.Failure;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.handler.ssl.SslContext;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Connections to one server that are loaded together.
final class Lanes implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int MAX_MESSAGE = 64 * 1024;
    private static final int AT_ONCE = 8;

    private final List<Lane> lanes = new ArrayList<>();
    private final List<Channel> channels = new ArrayList<>();
    private final Duration lastAnswers;
    private Runnable afterwards = () -> {};

    private Lanes(Duration lastAnswers) {
        this.lastAnswers = lastAnswers;
    }

    /// Where the connections go.
    ///
    /// @param authorization the header's value, or empty
    /// @param lastAnswers how long answers may take after the last question
    record Place(URI address, SslContext tls, String authorization, Duration lastAnswers) {}

    /// Connects, a few at a time.
    static Lanes open(Place place, List<Talk> talks, EventLoopGroup loops) throws InterruptedException {
        Lanes lanes = new Lanes(place.lastAnswers());
        boolean whole = false;
        try {
            for (Talk talk : talks) {
                int behind = lanes.lanes.size() - AT_ONCE;
                if (behind >= 0) {
                    var _ = await(lanes.lanes.get(behind).open());
                }
                lanes.add(place, talk, loops);
            }
            for (Lane lane : lanes.lanes) {
                var _ = await(lane.open());
            }
            whole = true;
            return lanes;
        } finally {
            if (!whole) {
                lanes.close();
            }
        }
    }

    private void add(Place place, Talk talk, EventLoopGroup loops) throws InterruptedException {
        Lane lane = new Lane(talk);
        DefaultHttpHeaders headers = new DefaultHttpHeaders();
        if (!place.authorization().isEmpty()) {
            headers.set("Authorization", place.authorization());
        }
        WebSocketClientProtocolConfig config = WebSocketClientProtocolConfig.newBuilder()
                .webSocketUri(place.address())
                .subprotocol("ssp1")
                .version(WebSocketVersion.V13)
                .customHeaders(headers)
                .maxFramePayloadLength(MAX_MESSAGE)
                .handleCloseFrames(false)
                .build();
        String host = place.address().getHost();
        int port = place.address().getPort();
        Bootstrap bootstrap = new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(place.tls().newHandler(channel.alloc(), host, port))
                                .addLast(new HttpClientCodec())
                                .addLast(new HttpObjectAggregator(MAX_MESSAGE))
                                .addLast(new WebSocketClientProtocolHandler(config))
                                .addLast(lane);
                    }
                });
        ChannelFuture connected = bootstrap.connect(host, port).await();
        if (!connected.isSuccess()) {
            throw new Failure("Nothing listens on " + place.address().getAuthority() + ".", connected.cause());
        }
        channels.add(connected.channel());
        lanes.add(lane);
    }

    /// What must end with the connections.
    void endingWith(Runnable step) {
        afterwards = step;
    }

    /// A closed loop with so many questions open on each connection.
    Lane.Tally saturate(int depth, Duration duration) throws InterruptedException {
        lanes.forEach(lane -> lane.keepOpen(depth));
        TimeUnit.NANOSECONDS.sleep(duration.toNanos());
        return end();
    }

    /// An open loop: so many questions a second over all connections, evenly spread.
    Lane.Tally pace(int perSecond, Duration duration) throws InterruptedException {
        long interval = TimeUnit.SECONDS.toNanos(1) * lanes.size() / perSecond;
        long first = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50);
        for (int i = 0; i < lanes.size(); i++) {
            lanes.get(i).pace(first + interval * i / lanes.size(), interval);
        }
        TimeUnit.NANOSECONDS.sleep(duration.toNanos());
        return end();
    }

    /// One question now, and another after each `interval`, on each connection.
    void keepAlive(Duration interval) {
        long now = System.nanoTime();
        lanes.forEach(lane -> lane.pace(now, interval.toNanos()));
    }

    /// One question on each connection: who answers lives.
    Lane.Tally callTheRoll() throws InterruptedException {
        return sum(lanes.stream().map(Lane::once).toList());
    }

    private Lane.Tally end() throws InterruptedException {
        return sum(lanes.stream().map(Lane::end).toList());
    }

    private Lane.Tally sum(List<CompletableFuture<Lane.Tally>> ending) throws InterruptedException {
        CompletableFuture<Void> all = CompletableFuture.allOf(ending.toArray(CompletableFuture<?>[]::new));
        try {
            all.get(lastAnswers.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            lanes.forEach(Lane::giveUp);
        } catch (ExecutionException e) {
            throw new Failure("A connection of the benchmark failed.", e);
        }
        Latencies latencies = new Latencies();
        long parts = 0;
        int failed = 0;
        for (CompletableFuture<Lane.Tally> one : ending) {
            Lane.Tally tally = await(one);
            latencies.addAll(tally.latencies());
            parts += tally.parts();
            failed += tally.failed();
        }
        return new Lane.Tally(latencies, parts, failed);
    }

    private static <T> T await(CompletableFuture<T> result) throws InterruptedException {
        try {
            return result.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new Failure("A connection of the benchmark did not answer in time.", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Failure failure
                    ? failure
                    : new Failure("A connection of the benchmark failed.", e);
        }
    }

    @Override
    public void close() {
        for (Channel channel : channels) {
            var _ = channel.close();
        }
        afterwards.run();
    }
}

package dev.postern.gateway.platform;

import dev.postern.identity.IdentityDocument;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.session.Accepted;
import dev.postern.session.Challenges;
import dev.postern.session.ExpectedProof;
import dev.postern.session.HandshakeRefused;
import dev.postern.session.KeyConfigSigner;
import dev.postern.session.OpenedOffer;
import dev.postern.session.RelayDescription;
import dev.postern.session.RelayHandshake;
import dev.postern.session.RelayKeyRing;
import dev.postern.session.SessionTerms;
import dev.postern.session.Suite;
import dev.postern.token.AccessToken;
import dev.postern.token.AccessTokenVerifier;
import dev.postern.token.DpopExpectation;
import dev.postern.token.DpopProof;
import dev.postern.token.TokenRejected;
import dev.postern.token.TokenUse;
import dev.postern.token.TrustState;
import dev.postern.token.VerifierSettings;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;

/// A relay with everything but redaction and models: mutual TLS, signed key configs, the real handshake with token and
/// proof verified, real frames. What it answers is the test's.
public final class FakeRelay implements AutoCloseable {
    private static final String AUDIENCE = "urn:postern:relay";

    private final WorkloadIdentity identity;
    private final Tokens tokens;
    private final Clock clock = Clock.systemUTC();
    private final SecureRandom random = new SecureRandom();
    private final AtomicInteger sessions = new AtomicInteger();
    private final Queue<String> farewells = new ConcurrentLinkedQueue<>();
    private final Queue<Channel> channels = new ConcurrentLinkedQueue<>();
    private volatile Consumer<FakeStream> model = stream -> stream.fail("internal", 500);
    private volatile Mono<Void> reading = Mono.empty();
    private volatile Duration sessionLife = Duration.ofMinutes(5);
    private @Nullable DisposableServer server;

    public FakeRelay(WorkloadIdentity identity, Tokens tokens) {
        this.identity = identity;
        this.tokens = tokens;
    }

    /// How requests are answered from now on; runs on an event loop.
    public void model(Consumer<FakeStream> next) {
        model = next;
    }

    /// How long sessions live that are opened from now on.
    public void sessionLife(Duration life) {
        sessionLife = life;
    }

    /// Takes no more than one message from each connection until the result is run.
    public Runnable stopReading() {
        Sinks.Empty<Void> again = Sinks.empty();
        reading = again.asMono();
        return () -> {
            reading = Mono.empty();
            again.tryEmitEmpty().orThrow();
        };
    }

    /// Why the gateway closed its sessions, in order.
    public Queue<String> farewells() {
        return farewells;
    }

    /// Sessions that were ever opened.
    public int sessionsOpened() {
        return sessions.get();
    }

    /// Serves on `port`, 0 for any; keys and challenges are new at each start, as a relay's are.
    public int start(int port) {
        RelayKeyRing keys = new RelayKeyRing(
                new RelayDescription(identity.current().spiffeId().toString(), AUDIENCE, "test"),
                List.of(Suite.X_WING),
                Duration.ofMinutes(5),
                clock,
                random);
        Challenges challenges = new Challenges(clock, random);
        RelayHandshake handshake = new RelayHandshake(keys, challenges, clock, random);
        SslContext tls = tls();
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(port)
                .secure(spec -> spec.sslContext(tls))
                .route(routes -> routes.get(
                                "/ssp1/key-config",
                                (_, response) -> response.header("Content-Type", "application/json")
                                        .sendString(Mono.fromSupplier(() -> keyConfig(keys, challenges))))
                        .ws(
                                "/ssp1",
                                (in, _) -> converse(handshake, in),
                                WebsocketServerSpec.builder().protocols("ssp1").build()))
                .bindNow();
        return server.port();
    }

    /// Stops listening and breaks every connection.
    public void stop() {
        channels.forEach(channel -> {
            var _ = channel.close();
        });
        channels.clear();
        if (server != null) {
            server.disposeNow();
            server = null;
        }
    }

    @Override
    public void close() {
        stop();
    }

    private String keyConfig(RelayKeyRing keys, Challenges challenges) {
        IdentityDocument document = identity.current();
        String signed = new KeyConfigSigner(document.privateKey(), document.chain()).sign(keys.current());
        return "{\"relays\":[{\"key_config\":\"" + signed + "\",\"challenge\":\"" + challenges.issue() + "\"}]}";
    }

    private Publisher<Void> converse(RelayHandshake handshake, WebsocketInbound in) {
        Connection connection = new Connection(handshake);
        in.withConnection(upgraded -> {
            connection.channel = upgraded.channel();
            channels.add(upgraded.channel());
        });
        return in.receiveFrames().concatMap(connection::take, 0).then();
    }

    private final class Connection {
        private final RelayHandshake handshake;
        private @Nullable Channel channel;
        private @Nullable FakeSession session;

        Connection(RelayHandshake handshake) {
            this.handshake = handshake;
        }

        /// Complete when the next may come.
        Mono<Void> take(WebSocketFrame frame) {
            receive(frame);
            return reading;
        }

        private void receive(WebSocketFrame frame) {
            Channel open = channel;
            if (open == null || !(frame instanceof BinaryWebSocketFrame)) {
                return;
            }
            if (session != null) {
                session.receive(frame.content().nioBuffer());
                return;
            }
            Accepted accepted = accept(handshake, frame.content().nioBuffer());
            sessions.incrementAndGet();
            session = new FakeSession(open, accepted.session(), stream -> model.accept(stream), farewells);
            var _ = open.writeAndFlush(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(accepted.message())));
        }
    }

    private Accepted accept(RelayHandshake handshake, ByteBuffer open) {
        byte[] copy = ByteBufUtil.getBytes(Unpooled.wrappedBuffer(open));
        try (OpenedOffer offer = handshake.parse(copy).open()) {
            AccessToken token = new AccessTokenVerifier(
                            new VerifierSettings(Tokens.ISSUER, AUDIENCE, TokenUse.DATA_PLANE),
                            tokens,
                            _ -> TrustState.Standing.TRUSTED,
                            clock)
                    .verify(offer.token());
            ExpectedProof expected = offer.expectedProof();
            DpopProof.verify(
                            offer.proof(),
                            DpopExpectation.of(expected.htm(), expected.htu())
                                    .with("ath", expected.ath())
                                    .withNonce(expected.nonce())
                                    .with("tsh", expected.tsh()),
                            clock)
                    .requireKeyOf(token);
            if (!token.hasScope("llm:delegate") && !token.hasScope("llm:invoke")) {
                throw new IllegalStateException("the token may neither delegate nor invoke");
            }
            return offer.accept(SessionTerms.until(Instant.now().plus(sessionLife)));
        } catch (HandshakeRefused | TokenRejected e) {
            throw new IllegalStateException("a relay would refuse the gateway's OPEN", e);
        }
    }

    private SslContext tls() {
        try {
            return SslContextBuilder.forServer(identity.keyManager())
                    .trustManager(identity.trustManager())
                    .clientAuth(ClientAuth.REQUIRE)
                    .protocols("TLSv1.3")
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        }
    }
}

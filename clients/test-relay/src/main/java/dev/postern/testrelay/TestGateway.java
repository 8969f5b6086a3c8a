package dev.postern.testrelay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postern.identity.IdentityDocument;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.session.Accepted;
import dev.postern.session.Challenges;
import dev.postern.session.HandshakeRefused;
import dev.postern.session.KeyConfigSigner;
import dev.postern.session.OpenedOffer;
import dev.postern.session.Refusal;
import dev.postern.session.RelayDescription;
import dev.postern.session.RelayHandshake;
import dev.postern.session.RelayKeyRing;
import dev.postern.session.SessionTerms;
import dev.postern.session.StreamProblem;
import dev.postern.session.Suite;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.URI;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;

/// A gateway and the relay behind it in one: real TLS, signed key configurations, the real handshake, real frames. What
/// is answered, and what is refused, is the test's.
public final class TestGateway implements AutoCloseable {
    public static final String TOKEN = "gateway-token";
    private static final TrustDomain DOMAIN = new TrustDomain("postern.local");

    private final Clock clock = Clock.systemUTC();
    private final SecureRandom random = new SecureRandom();
    private final InMemoryAuthority authority = InMemoryAuthority.create("test", Duration.ofDays(1), clock, random);
    private final WorkloadIdentity relay = authority.identityOf(DOMAIN.idOf("inference-relay"));
    private final WorkloadIdentity application = authority.identityOf(DOMAIN.idOf("application"));
    private final Challenges challenges = new Challenges(clock, random);
    private final Queue<Refusal> refusals = new ConcurrentLinkedQueue<>();
    private final AtomicInteger opened = new AtomicInteger();
    private final Queue<byte[]> offers = new ConcurrentLinkedQueue<>();
    private final AtomicInteger configurations = new AtomicInteger();
    private final Queue<TestSession> sessions = new ConcurrentLinkedQueue<>();
    private final List<Suite> suites;
    private final RelayHandshake handshake;
    private final RelayKeyRing keys;
    private final DisposableServer server;
    private volatile Consumer<TestStream> model = stream -> stream.fail("internal", 500);
    private volatile Duration sessionLife = Duration.ofMinutes(5);
    private volatile Duration remembers = Duration.ofMinutes(10);
    private volatile boolean gone;
    private volatile boolean stalled;
    private volatile Optional<StreamProblem> uploads = Optional.empty();
    private volatile int status = 200;

    public TestGateway(Suite... suites) {
        this.suites = List.of(suites);
        keys = keyRing("one");
        handshake = new RelayHandshake(keys, challenges, clock, random);
        SslContext tls = tls();
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .secure(spec -> spec.sslContext(tls))
                .route(routes -> routes.get("/ssp1/key-config", this::keyConfig)
                        .ws(
                                "/ssp1",
                                (in, _) -> converse(in),
                                WebsocketServerSpec.builder().protocols("ssp1").build()))
                .bindNow();
    }

    private RelayKeyRing keyRing(String replica) {
        return new RelayKeyRing(
                new RelayDescription(relay.current().spiffeId() + "#" + replica, "urn:postern:relay", "test"),
                suites,
                Duration.ofMinutes(5),
                clock,
                random);
    }

    /// How requests are answered; runs on an event loop.
    public void model(Consumer<TestStream> next) {
        model = next;
    }

    /// The next sessions are refused so, one after the other.
    public void refuse(Refusal... next) {
        refusals.addAll(List.of(next));
    }

    public void sessionLife(Duration life) {
        sessionLife = life;
    }

    /// From now on requests that are longer than a frame are refused at their first.
    public void refuseUploads(String code, int status) {
        uploads = Optional.of(new StreamProblem(code, status, "Refused by the test."));
    }

    /// Whether key configurations begin and do not go on.
    public void stall(boolean whether) {
        stalled = whether;
    }

    /// From now on it also offers a relay that is gone, with other keys each time: who seals to it loses the
    /// connection.
    public void offerOneThatIsGone() {
        gone = true;
    }

    /// How long it says that it knows a `msg_id`.
    public void remembers(Duration time) {
        remembers = time;
    }

    /// With what key configurations are refused.
    public void status(int next) {
        status = next;
    }

    public int opened() {
        return opened.get();
    }

    /// OPENs that arrived, refused ones among them.
    public int offers() {
        return offers.size();
    }

    /// OPENs that arrived, as they were, in order.
    public List<byte[]> opens() {
        return List.copyOf(offers);
    }

    /// How often key configurations were asked for.
    public int configurations() {
        return configurations.get();
    }

    public Queue<TestSession> sessions() {
        return sessions;
    }

    public URI address() {
        return URI.create("https://localhost:" + server.port());
    }

    public X509Certificate anchor() {
        return authority.certificate();
    }

    public SSLContext clientTls() {
        return application.sslContext();
    }

    @Override
    public void close() {
        server.disposeNow();
        keys.close();
    }

    private Publisher<Void> keyConfig(HttpServerRequest request, HttpServerResponse response) {
        configurations.incrementAndGet();
        boolean known = ("Bearer " + TOKEN).equals(request.requestHeaders().get("Authorization"));
        if (!known || status != 200) {
            return response.status(known ? status : 401).send();
        }
        if (stalled) {
            return response.sendString(Flux.concat(Mono.just("{"), Mono.never()), UTF_8);
        }
        return response.sendString(
                Mono.just("{\"relays\":[" + offer(keys) + (gone ? "," + offerOfTheGone() : "") + "]}"));
    }

    private String offerOfTheGone() {
        try (RelayKeyRing forgotten = keyRing("two")) {
            return offer(forgotten);
        }
    }

    private String offer(RelayKeyRing ring) {
        IdentityDocument document = relay.current();
        String signed = new KeyConfigSigner(document.privateKey(), document.chain()).sign(ring.current());
        return "{\"key_config\":\"" + signed + "\",\"challenge\":\"" + challenges.issue() + "\"}";
    }

    private Publisher<Void> converse(WebsocketInbound in) {
        Connection connection = new Connection();
        in.withConnection(upgraded -> connection.channel = upgraded.channel());
        return in.receiveFrames().doOnNext(connection::receive).then();
    }

    private final class Connection {
        private @Nullable Channel channel;
        private @Nullable TestSession session;

        void receive(WebSocketFrame frame) {
            Channel open = channel;
            if (open == null || !(frame instanceof BinaryWebSocketFrame)) {
                return;
            }
            byte[] message = ByteBufUtil.getBytes(frame.content());
            if (session != null) {
                session.receive(message);
                return;
            }
            offers.add(message);
            Refusal refusal = refusals.poll();
            if (refusal != null) {
                TestSession.close(open, refusal);
                return;
            }
            Accepted accepted;
            try {
                accepted = accept(message);
            } catch (HandshakeRefused e) {
                if (!gone || e.refusal() != Refusal.KEY_CONFIG) {
                    throw new IllegalStateException("a relay would refuse this OPEN", e);
                }
                var _ = open.close();
                return;
            }
            opened.incrementAndGet();
            session = new TestSession(open, accepted.session(), stream -> model.accept(stream), uploads);
            sessions.add(session);
            session.write(List.of(accepted.message()));
        }
    }

    private Accepted accept(byte[] open) throws HandshakeRefused {
        try (OpenedOffer offer = handshake.parse(open).open()) {
            if (!offer.token().startsWith("relay-token-for-")) {
                throw new IllegalStateException("another token");
            }
            SessionTerms usual = SessionTerms.until(Instant.now(clock).plus(sessionLife));
            return offer.accept(new SessionTerms(
                    usual.expires(), usual.epoch(), usual.windowBits(), usual.maxStreams(), usual.idle(), remembers));
        }
    }

    private SslContext tls() {
        try {
            return SslContextBuilder.forServer(relay.keyManager())
                    .protocols("TLSv1.3")
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        }
    }
}

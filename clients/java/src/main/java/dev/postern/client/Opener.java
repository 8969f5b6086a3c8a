package dev.postern.client;

import dev.postern.session.ClientHandshake;
import dev.postern.session.ClientOffer;
import dev.postern.session.Established;
import dev.postern.session.HandshakeFailed;
import dev.postern.session.KeyConfig;
import dev.postern.session.OpenParameters;
import dev.postern.session.RelayPublicKey;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Opens a session: key configuration, tokens, WebSocket, handshake. One thread at a time.
///
/// **Guarantee.** OPEN is sealed only to a key that an expected relay signed, and only for a permitted suite; a refusal
/// never leads to a weaker attempt.
final class Opener {
    private final Access access;
    private final RelayOffers offers;
    private final HttpClient http;
    private final Settings settings;
    private final Clock clock;
    private final SecureRandom random;
    private final ScheduledExecutorService timer;
    private volatile Duration offset = Duration.ZERO;

    Opener(
            Access access,
            HttpClient http,
            Settings settings,
            Clock clock,
            SecureRandom random,
            ScheduledExecutorService timer) {
        this.access = access;
        this.offers = new RelayOffers(access, http, settings.patience(), clock, random);
        this.http = http;
        this.settings = settings;
        this.clock = clock;
        this.random = random;
        this.timer = timer;
    }

    /// A new session. A challenge or a key that went stale on the way is met with a fresh one, once.
    Link open() throws PosternFailure, InterruptedException {
        Token gateway = access.gatewayToken();
        Attempt attempt = attempt(gateway);
        if (attempt instanceof Failed(SocketClosed how) && how.invitesAnother()) {
            attempt = attempt(gateway);
        }
        return switch (attempt) {
            case Opened(Link link) -> link;
            case Failed(SocketClosed how) -> throw how.whileOpening();
        };
    }

    private sealed interface Attempt {}

    private record Opened(Link link) implements Attempt {}

    private record Failed(SocketClosed how) implements Attempt {}

    private Attempt attempt(Token gateway) throws PosternFailure, InterruptedException {
        RelayOffers.Offer relay = offers.fetch(gateway);
        Token token = access.relayToken();
        FrameSocket listener = new FrameSocket();
        try (ClientHandshake handshake = handshake(relay, token)) {
            WebSocket socket = connect(gateway, relay.config(), listener);
            boolean open = false;
            try {
                await(socket.sendBinary(ByteBuffer.wrap(handshake.message()), true));
                FrameSocket.First first = await(listener.first());
                if (first instanceof FrameSocket.Message(byte[] accept)) {
                    Link link = link(handshake.accept(accept), relay.config(), socket, gateway);
                    listener.deliverTo(socket, link);
                    open = true;
                    return new Opened(link);
                }
                return new Failed(first instanceof FrameSocket.Refused(var how) ? how : SocketClosed.BROKEN);
            } finally {
                if (!open) {
                    socket.abort();
                }
            }
        } catch (HandshakeFailed e) {
            throw new PosternFailure.HandshakeRejected(e.reason());
        }
    }

    private ClientHandshake handshake(RelayOffers.Offer relay, Token token) throws HandshakeFailed {
        OpenParameters parameters =
                new OpenParameters(access.tenant(), access.clientId(), List.of(), settings.streams(), token.value());
        return ClientHandshake.start(
                new ClientOffer(relay.config(), access.suites(), relay.challenge(), parameters, access.proofKey()),
                Clock.offset(clock, offset),
                random);
    }

    private Link link(Established established, KeyConfig config, WebSocket socket, Token gateway)
            throws PosternFailure {
        // The handshake ran on the offset clock, and so does its session; `ends` is by our own.
        Duration toRelay = established.clockOffset().plus(offset);
        offset = toRelay;
        Instant sessionEnds = established.session().terms().expires().minus(toRelay);
        Instant ends = gateway.expires().isBefore(sessionEnds) ? gateway.expires() : sessionEnds;
        return new Link(established.session(), key(config), config.relayId(), socket, ends, settings, clock, timer);
    }

    private WebSocket connect(Token gateway, KeyConfig config, FrameSocket listener)
            throws PosternFailure, InterruptedException, HandshakeFailed {
        URI address = access.gateway().resolve("/ssp1?key_id=" + key(config).id());
        URI socket = URI.create("wss" + address.toString().substring("https".length()));
        CompletableFuture<WebSocket> connecting = http.newWebSocketBuilder()
                .header("Authorization", "Bearer " + gateway.value())
                .subprotocols("ssp1")
                .connectTimeout(settings.patience())
                .buildAsync(socket, listener);
        boolean connected = false;
        try {
            WebSocket open = await(connecting);
            connected = true;
            return open;
        } finally {
            if (!connected) {
                // Nobody will use one that is there later.
                var _ = connecting.thenAccept(WebSocket::abort);
            }
        }
    }

    /// The key that the handshake seals to.
    private RelayPublicKey key(KeyConfig config) throws PosternFailure {
        return config.choose(access.suites())
                .orElseThrow(() -> new PosternFailure.HandshakeRejected(HandshakeFailed.Reason.NO_COMMON_SUITE));
    }

    private <T> T await(CompletableFuture<T> result) throws PosternFailure, InterruptedException {
        try {
            return result.get(settings.patience().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            throw new PosternFailure.Unavailable();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof WebSocketHandshakeException refused
                    ? GatewayStatus.failure(refused.getResponse().statusCode())
                    : new PosternFailure.Unavailable();
        }
    }
}

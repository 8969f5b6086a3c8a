package dev.postern.gateway.relay;

import dev.postern.audit.SessionOpened;
import dev.postern.session.ClientHandshake;
import dev.postern.session.ClientOffer;
import dev.postern.session.Established;
import dev.postern.session.HandshakeFailed;
import dev.postern.session.KeyId;
import dev.postern.session.OpenParameters;
import dev.postern.session.ProofKey;
import dev.postern.session.RelayPublicKey;
import dev.postern.session.Suite;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.WebsocketClientSpec;

/// Opens sealed sessions: a token and a verified key config first, then the WebSocket and the handshake.
///
/// Only X-Wing is offered: every relay of the platform has it, and what is never offered cannot be fallen back to.
final class SessionOpener {
    private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(5);
    private static final Suite SUITE = Suite.X_WING;
    private static final int STREAMS = 256;
    private static final WebsocketClientSpec PROTOCOL = WebsocketClientSpec.builder()
            .protocols("ssp1")
            .maxFramePayloadLength(SealedFrames.MAX_MESSAGE)
            .build();

    private final RelayTokens tokens;
    private final KeyConfigs keyConfigs;
    private final HttpClient sockets;
    private final ProofKey proofKey;
    private final SessionBooks books;
    private final Clock clock;
    private final SecureRandom random;

    SessionOpener(
            RelayTokens tokens,
            KeyConfigs keyConfigs,
            HttpClient sockets,
            ProofKey proofKey,
            SessionBooks books,
            Clock clock,
            SecureRandom random) {
        this.tokens = tokens;
        this.keyConfigs = keyConfigs;
        this.sockets = sockets;
        this.proofKey = proofKey;
        this.books = books;
        this.clock = clock;
        this.random = random;
    }

    /// One attempt; fails with [RelayUnreachable].
    Mono<SealedConnection> open() {
        return Mono.zip(tokens.request(), keyConfigs.fetch())
                .flatMap(ready -> connect(ready.getT1(), ready.getT2()))
                .onErrorMap(RelayUnreachable::because);
    }

    private Mono<SealedConnection> connect(RelayToken token, RelayOffer relay) {
        KeyId key = relay.config().keys().stream()
                .filter(published -> published.suite() == SUITE)
                .map(RelayPublicKey::id)
                .findFirst()
                .orElseThrow(() -> new RelayUnreachable("no-common-suite"));
        ClientHandshake handshake = handshake(token, relay);
        return Mono.<SealedConnection>create(opened -> {
                    SessionOpening opening = new SessionOpening(
                            handshake, (socket, established) -> establish(socket, established, token, key), opened);
                    Disposable socket = sockets.websocket(PROTOCOL)
                            .uri("wss://" + relay.endpoint().getAuthority() + "/ssp1?key_id=" + key)
                            .handle(opening::converse)
                            .subscribe(
                                    _ -> {},
                                    failed -> {
                                        opened.error(RelayUnreachable.because(failed));
                                        opening.closed();
                                    },
                                    opening::closed);
                    opened.onCancel(socket);
                })
                .timeout(HANDSHAKE_TIMEOUT);
    }

    private ClientHandshake handshake(RelayToken token, RelayOffer relay) {
        OpenParameters parameters =
                new OpenParameters(token.tenant(), RelayTokens.CLIENT_ID, List.of(), STREAMS, token.reveal());
        try {
            return ClientHandshake.start(
                    new ClientOffer(relay.config(), List.of(SUITE), relay.challenge(), parameters, proofKey),
                    clock,
                    random);
        } catch (HandshakeFailed failed) {
            throw new RelayUnreachable("handshake-" + failed.reason());
        }
    }

    private SealedConnection establish(RelaySocket socket, Established established, RelayToken token, KeyId key) {
        // The relay's clock said when the session ends; the offset brings that to ours.
        Instant sessionEnds = established.session().terms().expires().minus(established.clockOffset());
        Instant certificatesEnd = socket.certificatesEnd();
        Instant ends = sessionEnds.isBefore(certificatesEnd) ? sessionEnds : certificatesEnd;
        SessionWindow window = new SessionWindow(clock, established.session().terms(), ends);
        books.opened(new SessionOpened(
                established.session().id().toString(),
                key.toString(),
                SUITE.name(),
                RelayTokens.CLIENT_ID,
                token.tenant(),
                token.tokenId(),
                token.keyId()));
        return new SealedConnection(socket, established.session(), window, books);
    }
}

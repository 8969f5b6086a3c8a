package dev.postern.gateway.relay;

import dev.postern.session.KeyId;
import dev.postern.session.RelayPublicKey;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.WebsocketClientSpec;

/// Which relay holds which key, and the way to it, for clients that seal for themselves.
///
/// What the relays offer is asked for at most every [#FRESH], however many clients want to know. Keys that were
/// offered are remembered for as long as a relay takes them, within [#MOST]. Safe for any thread.
public final class RelayDirectory {
    static final Duration FRESH = Duration.ofSeconds(2);
    static final Duration ACQUAINTANCE = Duration.ofSeconds(3);
    private static final int MOST = 4_096;
    private static final WebsocketClientSpec PROTOCOL = WebsocketClientSpec.builder()
            .protocols("ssp1")
            .maxFramePayloadLength(SealedFrames.MAX_MESSAGE)
            .build();

    private final Mono<List<RelayOffer>> offers;
    private final HttpClient sockets;
    private final Map<KeyId, URI> byKey = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<KeyId, URI> eldest) {
            return size() > MOST;
        }
    };

    RelayDirectory(KeyConfigs keyConfigs, HttpClient sockets) {
        this.sockets = sockets;
        this.offers = Mono.defer(keyConfigs::all)
                .doOnNext(this::remember)
                .cache(_ -> FRESH, _ -> Duration.ZERO, () -> Duration.ZERO);
    }

    /// What every relay offers now; fails with [RelayUnreachable].
    public Mono<List<RelayOffer>> offers() {
        return offers;
    }

    /// A WebSocket to the relay that holds a key; empty when none is known to. Fails with [RelayUnreachable].
    public Mono<Connection> connect(KeyId key) {
        return Mono.justOrEmpty(find(key))
                // Perhaps published since, or to another replica of this gateway.
                .switchIfEmpty(offers.flatMap(_ -> Mono.justOrEmpty(find(key))))
                .flatMap(endpoint -> sockets.websocket(PROTOCOL)
                        .uri(URI.create("wss://" + endpoint.getAuthority() + "/ssp1?key_id=" + key))
                        .connect()
                        .<Connection>cast(Connection.class))
                .onErrorMap(RelayUnreachable::because);
    }

    private void remember(List<RelayOffer> all) {
        synchronized (byKey) {
            for (RelayOffer offer : all) {
                for (RelayPublicKey key : offer.config().keys()) {
                    byKey.put(key.id(), offer.endpoint());
                }
            }
        }
    }

    private Optional<URI> find(KeyId key) {
        synchronized (byKey) {
            return Optional.ofNullable(byKey.get(key));
        }
    }
}

package dev.postern.gateway.sealed;

import dev.postern.gateway.admission.Admission;
import dev.postern.gateway.admission.LimitSource;
import dev.postern.gateway.decision.Decisions;
import dev.postern.gateway.live.LiveRequests;
import dev.postern.gateway.relay.RelayDirectory;
import dev.postern.gateway.relay.SealedFrames;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.socket.server.support.HandshakeWebSocketService;
import org.springframework.web.reactive.socket.server.upgrade.ReactorNettyRequestUpgradeStrategy;
import reactor.netty.http.server.WebsocketServerSpec;

@Configuration(proxyBeanMethods = false)
class SealedConfiguration {
    /// Before the routes of the gateway, which know nothing of these paths.
    @Bean
    SimpleUrlHandlerMapping sealedPaths(
            SealedProperties properties,
            Decisions decisions,
            LiveRequests live,
            Admission admission,
            LimitSource limits,
            RelayDirectory relays) {
        HandshakeWebSocketService upgrades = new HandshakeWebSocketService(new ReactorNettyRequestUpgradeStrategy(
                () -> WebsocketServerSpec.builder().maxFramePayloadLength(SealedFrames.MAX_MESSAGE)));
        return new SimpleUrlHandlerMapping(
                Map.of(
                        "/ssp1/key-config", new KeyConfigHandler(relays),
                        "/ssp1",
                                new SealedSocketHandler(
                                        decisions,
                                        live,
                                        admission,
                                        new Uncounted(limits, properties.limitedClients()),
                                        relays,
                                        properties.openTimeout(),
                                        upgrades)),
                Ordered.HIGHEST_PRECEDENCE);
    }
}

package dev.postern.gateway.routing;

import dev.postern.gateway.admission.Admission;
import dev.postern.gateway.admission.ModelAccess;
import dev.postern.gateway.decision.Decisions;
import dev.postern.gateway.live.LiveRequests;
import dev.postern.gateway.relay.RelayProperties;
import dev.postern.gateway.relay.RelaySessions;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RoutingConfiguration {

    @Bean
    SealedRoutingFilter sealedRoutingFilter(
            EdgeProperties edge,
            RelayProperties relay,
            Decisions decisions,
            LiveRequests live,
            Admission admission,
            ModelAccess models,
            RelaySessions sessions,
            MeterRegistry meters) {
        return new SealedRoutingFilter(
                new BodyReader(edge::bodyLimit),
                decisions,
                live,
                admission,
                models,
                sessions,
                new AddedLatency(meters),
                relay.deadline());
    }

    @Bean
    HeaderLimit headerLimit(EdgeProperties edge) {
        return new HeaderLimit(edge.maxHeaders());
    }

    /// Slow senders are cut off, and nothing of a request is logged.
    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> edgeTimeouts(EdgeProperties edge) {
        ConnectionLimit limit = new ConnectionLimit(edge.maxConnections());
        NettyServerCustomizer customizer = server -> server.requestTimeout(edge.requestTimeout())
                .idleTimeout(edge.idleTimeout())
                .doOnChannelInit((_, channel, _) -> limit.admit(channel))
                .accessLog(false);
        return factory -> factory.addServerCustomizers(customizer);
    }
}

package dev.postern.gateway.tls;

import dev.postern.identity.WorkloadIdentity;
import java.time.Clock;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class TlsConfiguration {

    @Bean
    EdgeBundle edgeBundle(WorkloadIdentity identity, Clock clock) {
        return new EdgeBundle(identity, clock);
    }

    @Bean
    EdgeConnections edgeConnections(WorkloadIdentity identity) {
        return new EdgeConnections(identity);
    }

    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> certifiedConnections(EdgeConnections connections) {
        return factory -> factory.addServerCustomizers(server -> server.doOnConnection(connections::add));
    }
}

package dev.postern.auditing.witness;

import dev.postern.auditing.sequence.Sequencer;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Wires the witnesses' clients.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WitnessProperties.class)
class WitnessConfiguration {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    /// The shard that is written, and the one before it, whose last checkpoint may still have to be cosigned.
    private static final int SHARDS = 2;

    @Bean
    Cosignatures cosignatures() {
        return new Cosignatures();
    }

    @Bean
    Witnessed witnessed(WitnessProperties properties, Cosignatures cosignatures) {
        return new Witnessed(
                properties.witnesses().stream()
                        .map(WitnessProperties.Endpoint::key)
                        .toList(),
                cosignatures);
    }

    @Bean(initMethod = "start", destroyMethod = "close")
    Witnessing witnessing(WitnessProperties properties, Sequencer sequencer, Cosignatures cosignatures, Clock clock) {
        List<WitnessClient> clients = properties.witnesses().stream()
                .map(one -> new WitnessClient(http(), one.url(), one.key(), clock))
                .toList();
        return new Witnessing(clients, () -> sequencer.newest(SHARDS), cosignatures, properties, clock);
    }

    /// Of its own, and without this service's identity: a witness is not of the platform.
    private static HttpClient http() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT)
                .build();
    }

    @Bean
    MeterBinder witnessMetrics(Witnessing witnessing) {
        return registry -> {
            for (String witness : witnessing.witnesses()) {
                Gauge.builder(
                                "postern.audit.cosignature.age",
                                witnessing,
                                live -> live.age(witness).toMillis() / 1000.0)
                        .description("Since the newest cosignature of a witness for the shard that is written")
                        .baseUnit("seconds")
                        .tag("witness", witness)
                        .register(registry);
                FunctionCounter.builder(
                                "postern.audit.witness.contradictions",
                                witnessing,
                                live -> live.contradictions(witness))
                        .description("A witness has seen another history of this log")
                        .tag("witness", witness)
                        .register(registry);
            }
        };
    }

    @Bean
    WitnessHealth auditWitnessHealth(Witnessing witnessing) {
        return new WitnessHealth(witnessing);
    }
}

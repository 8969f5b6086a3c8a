package dev.postern.chassis.keys;

import dev.postern.chassis.bearer.TokensAutoConfiguration;
import dev.postern.chassis.bearer.TokensProperties;
import dev.postern.chassis.peer.Door;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.token.KeyDirectory;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpClient;
import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;

/// The owner's side of key life cycles, for services that follow the directory and own keys: made when first asked for.
/// And the reports of signs that a key is in the wrong hands, by all who follow the directory.
@AutoConfiguration(after = TokensAutoConfiguration.class)
@ConditionalOnBean(KeyDirectory.class)
public class KeysAutoConfiguration {
    @Bean(destroyMethod = "close")
    @Lazy
    RotationService keyRegistrations(TokensProperties properties, WorkloadIdentity identity) {
        return new RotationService(properties.directory(), client(Door.KEY_REGISTRATION, identity));
    }

    @Bean(destroyMethod = "close")
    @Lazy
    @ConditionalOnMissingBean
    KeyOwner keyOwner(
            KeyDirectory directory, RotationService keyRegistrations, WorkloadIdentity identity, Clock clock) {
        return new KeyOwner(
                identity.current().spiffeId(),
                DirectoryView.of(directory),
                new RotationServiceRegistration(keyRegistrations),
                clock,
                thread("owned-keys"));
    }

    @Bean(destroyMethod = "close")
    KeyReports keyReports(
            KeyDirectory directory, TokensProperties properties, WorkloadIdentity identity, MeterRegistry meters) {
        KeyReports reports = new KeyReports(
                        properties.directory(),
                        client(Door.KEY_REPORTS, identity),
                        thread("key-reports"),
                        System::nanoTime,
                        meters)
                .start();
        reports.watch(directory, properties.clockSkew());
        return reports;
    }

    /// A new certificate gives new connections.
    private static HttpClient client(Door door, WorkloadIdentity identity) {
        return identity.httpClient(door.server(identity), RotationService.TIMEOUT);
    }

    private static ScheduledExecutorService thread(String name) {
        return Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name(name).factory());
    }
}

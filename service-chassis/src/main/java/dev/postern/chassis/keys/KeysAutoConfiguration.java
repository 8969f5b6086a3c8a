package dev.postern.chassis.keys;

import dev.postern.chassis.bearer.TokensAutoConfiguration;
import dev.postern.chassis.bearer.TokensProperties;
import dev.postern.chassis.peer.Door;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.token.KeyDirectory;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;

/// The owner's side of key life cycles, for services that follow the directory and own keys: made when first asked for.
@AutoConfiguration(after = TokensAutoConfiguration.class)
@ConditionalOnBean(KeyDirectory.class)
public class KeysAutoConfiguration {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    @Bean(destroyMethod = "close")
    @Lazy
    @ConditionalOnMissingBean
    KeyOwner keyOwner(KeyDirectory directory, TokensProperties properties, WorkloadIdentity identity, Clock clock) {
        SSLContext tls = identity.sslContext(Door.KEY_REGISTRATION.server(identity));
        Supplier<HttpClient> clients = () -> HttpClient.newBuilder()
                .sslContext(tls)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
        return new KeyOwner(
                identity.current().spiffeId(),
                DirectoryView.of(directory),
                new RotationServiceRegistration(properties.directory(), clients),
                clock,
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("owned-keys").factory()));
    }
}

package dev.postern.sts.signing;

import dev.postern.chassis.peer.Door;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.sts.TokenServiceProperties;
import dev.postern.token.KeyDirectory;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class SigningConfiguration {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    @Bean
    SigningKeys signingKeys(
            KeyDirectory directory,
            TokenServiceProperties properties,
            WorkloadIdentity identity,
            SecureRandom random,
            Clock clock) {
        SSLContext tls = identity.sslContext(Door.KEY_REGISTRATION.server(identity));
        Supplier<HttpClient> clients = () -> HttpClient.newBuilder()
                .sslContext(tls)
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
        return new SigningKeys(
                directory.instance(),
                directory::snapshot,
                new RotationServiceRegistration(properties.rotation(), directory.instance(), clients),
                random,
                clock);
    }

    @Bean(destroyMethod = "close")
    SigningKeyKeeper signingKeyKeeper(SigningKeys keys, KeyDirectory directory) {
        return new SigningKeyKeeper(keys, directory).start();
    }

    @Bean
    SigningKeyHealth signingKeyHealthIndicator(SigningKeys keys) {
        return new SigningKeyHealth(keys);
    }
}

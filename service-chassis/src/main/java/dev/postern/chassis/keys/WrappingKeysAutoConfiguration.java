package dev.postern.chassis.keys;

import dev.postern.kms.KeyManagement;
import dev.postern.kms.Wrapped;
import dev.postern.kms.WrappingVersions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/// The class `kms-wrapping`, for services that keep something [Wrapped]: the directory says when its wrapping keys are
/// rotated.
@AutoConfiguration(after = KeysAutoConfiguration.class, afterName = "dev.postern.vault.KmsAutoConfiguration")
@ConditionalOnClass(KeyManagement.class)
@ConditionalOnBean({KeyOwner.class, KeyManagement.class, Wrapped.class})
public class WrappingKeysAutoConfiguration {
    /// A value is written in the same breath as it was wrapped.
    private static final Duration GRACE = Duration.ofSeconds(2);

    @Bean(destroyMethod = "close")
    TendedKeys wrappingKeys(
            KeyOwner owner,
            KeyManagement kms,
            List<Wrapped> wrapped,
            @Value("${spring.application.name}") String service,
            Clock clock) {
        Generations versions = new Versions(new WrappingVersions(kms, wrapped));
        return new TendedKeys(
                owner,
                new GenerationKeys("kms-wrapping", service + "-wrapping", versions, GRACE, clock),
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("wrapping-keys").factory()));
    }

    private record Versions(WrappingVersions versions) implements Generations {
        @Override
        public int newest() {
            return versions.newest();
        }

        @Override
        public void advanceTo(int generation) {
            versions.advanceTo(generation);
        }

        @Override
        public int renew() {
            return versions.renew();
        }

        @Override
        public void endBefore(int oldest) {
            versions.destroyBefore(oldest);
        }
    }
}

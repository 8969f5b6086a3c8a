package dev.postern.chassis.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.postern.chassis.bearer.TokensAutoConfiguration;
import dev.postern.chassis.time.TimeAutoConfiguration;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.kms.KeyManagement;
import dev.postern.kms.KeyName;
import dev.postern.kms.LocalKeyManagement;
import dev.postern.kms.Passphrase;
import dev.postern.kms.Wrapped;
import dev.postern.token.KeyDirectory;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import java.util.function.Predicate;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The beans of a service that follows the directory and owns keys, over real mTLS.
final class KeysAutoConfigurationTest {
    private final ApplicationContextRunner service = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    TimeAutoConfiguration.class,
                    NoncesAutoConfiguration.class,
                    TokensAutoConfiguration.class,
                    KeysAutoConfiguration.class,
                    OwnedByAllAutoConfiguration.class,
                    WrappingKeysAutoConfiguration.class))
            .withUserConfiguration(Neighbours.class)
            .withPropertyValues(
                    "spring.application.name=inference-relay",
                    "postern.trust-domain=postern.local",
                    "postern.tokens.issuer=https://localhost:1",
                    "postern.tokens.uses=tool",
                    "postern.tokens.clock-skew=5s",
                    "postern.tokens.directory-staleness=10m");

    private void run(AskedAuthority rotation, ContextConsumer<AssertableApplicationContext> consumer) {
        service.withBean(WorkloadIdentity.class, () -> rotation.caller)
                .withPropertyValues("postern.tokens.directory=" + rotation.address())
                .run(consumer);
    }

    @Test
    void signsAreReportedByThemselvesOnceATokenOfASpareIsSeen() throws IOException {
        try (AskedAuthority rotation = new AskedAuthority()) {
            run(rotation, context -> {
                assertThat(context).hasSingleBean(KeyReports.class);
                KeyDirectory directory = context.getBean(KeyDirectory.class);
                await().until(() -> directory.find("signer-1").isPresent());
                directory.signed("signer-1", Instant.now());
                await().until(() -> asked(rotation, "POST /v1/keys/token-signing/signer-1/suspicions"));
            });
        }
    }

    @Test
    void keysThatEveryServiceOwnsAreRegistered() throws IOException {
        try (AskedAuthority rotation = new AskedAuthority()) {
            run(rotation, context -> {
                assertThat(context).hasBean("ticketKeys").hasBean("ownedChallengeKeys");
                await().until(() -> asked(rotation, "PUT /v1/keys/tls-ticket/"));
                await().until(() -> asked(rotation, "PUT /v1/keys/challenge-mac/"));
            });
        }
    }

    @Test
    void anotherWorkloadOfThePlatformIsToldNothing() throws IOException {
        try (AskedAuthority other = new AskedAuthority("token-service")) {
            run(other, context -> {
                RotationService registrations = context.getBean(RotationService.class);
                assertThatThrownBy(() -> registrations.send("PUT", "/v1/keys/tls-ticket/key-1", Map.of()))
                        .isInstanceOf(SSLHandshakeException.class);
                KeyReports reports = context.getBean(KeyReports.class);
                reports.suspect(new Suspicion("token-signing", "key-1", Trigger.RETIRED_SIGNATURE), Instant.now(), 1);
                reports.report();
                assertThat(context.getBean(MeterRegistry.class).getMeters())
                        .noneMatch(meter -> meter.getId().getName().equals("postern.keys.reports"));
                assertThat(other.asked).isEmpty();
            });
        }
    }

    @Test
    void wrappingKeysAreOwnedByWhoeverKeepsSomethingWrapped(@TempDir Path directory) throws IOException {
        try (AskedAuthority rotation = new AskedAuthority();
                LocalKeyManagement kms = LocalKeyManagement.open(
                        directory.resolve("keyset.json"),
                        Passphrase.of("correct horse battery staple".toCharArray()),
                        new SecureRandom())) {
            KeyName name = KeyName.wrapping("sample");
            kms.wrap(name, new byte[] {1}, new byte[0]);
            ApplicationContextRunner keeper = service.withBean(WorkloadIdentity.class, () -> rotation.caller)
                    .withBean(KeyManagement.class, () -> kms)
                    .withPropertyValues("postern.tokens.directory=" + rotation.address());
            keeper.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("wrappingKeys"));
            keeper.withBean(Wrapped.class, () -> new Nothing(name))
                    .run(context -> assertThat(context).hasBean("wrappingKeys"));
        }
    }

    private record Nothing(KeyName wrapping) implements Wrapped {
        @Override
        public int renew() {
            return 0;
        }
    }

    private static boolean asked(AskedAuthority rotation, String prefix) {
        Predicate<String> wanted = request -> request.startsWith(prefix);
        return rotation.asked.stream().anyMatch(wanted);
    }

    @Configuration
    static class Neighbours {
        @Bean
        MeterRegistry meters() {
            return new SimpleMeterRegistry();
        }
    }
}

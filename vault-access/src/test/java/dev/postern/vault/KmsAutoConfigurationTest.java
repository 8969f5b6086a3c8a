package dev.postern.vault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.identity.CertificateAuthority;
import dev.postern.identity.IdentityIssuer;
import dev.postern.kms.KeyManagement;
import dev.postern.kms.KeyManagementException;
import dev.postern.kms.KeyManagementException.Reason;
import dev.postern.kms.KeyName;
import dev.postern.kms.LocalKeyManagement;
import dev.postern.kms.WrappedSetFiles;
import dev.postern.kms.WrappedSets;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.web.client.HttpServerErrorException;

final class KmsAutoConfigurationTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path home;

    private ApplicationContextRunner service() {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(KmsAutoConfiguration.class))
                .withBean(SimpleMeterRegistry.class)
                .withBean(Clock.class, Clock::systemUTC)
                .withBean(SecureRandom.class)
                .withPropertyValues("postern.data-directory=" + home.resolve("data"));
    }

    private ApplicationContextRunner local() throws IOException {
        Files.writeString(home.resolve("passphrase"), "correct horse battery staple");
        return service()
                .withPropertyValues(
                        "postern.kms.keyset-file=" + home.resolve("data/keyset.json"),
                        "postern.kms.passphrase-file=" + home.resolve("passphrase"));
    }

    private ApplicationContextRunner vault(VaultRig rig, String service) throws IOException {
        KmsProperties.Vault settings = rig.approle(service);
        return service()
                .withPropertyValues(
                        "postern.kms.kind=vault",
                        "postern.kms.vault.uri=" + settings.uri(),
                        "postern.kms.vault.ca-certificate=" + rig.authority(),
                        "postern.kms.vault.authentication=approle",
                        "postern.kms.vault.role-id=" + settings.roleId(),
                        "postern.kms.vault.secret-id-file=" + settings.secretIdFile(),
                        "postern.kms.vault.key-prefix=" + service);
    }

    @Test
    void withoutAWordItIsTheKeysetFile() throws IOException {
        local().run(context -> {
            assertThat(context).getBean(KeyManagement.class).isInstanceOf(LocalKeyManagement.class);
            assertThat(context).getBean(WrappedSets.class).isInstanceOf(WrappedSetFiles.class);
            assertThat(context).doesNotHaveBean(CertificateAuthority.class);
        });
    }

    @Test
    void aWrongPassphraseIsNoStart() throws IOException {
        local().run(context -> assertThat(context).hasNotFailed());
        ApplicationContextRunner wrong = local();
        Files.writeString(home.resolve("passphrase"), "incorrect horse battery");
        wrong.run(context -> assertRefused(context, Reason.SEALED, "keyset.json"));
    }

    @Test
    void aCorruptKeysetIsNoStartAndNothingIsMadeInItsPlace() throws IOException {
        Path keyset = home.resolve("data/keyset.json");
        local().run(context -> context.getBean(KeyManagement.class).publicKey(KeyName.signingP256("log")));
        String good = Files.readString(keyset);
        for (String corrupt : List.of("", "{}", good.substring(0, good.length() / 2), good.replace('A', 'B'))) {
            Files.writeString(keyset, corrupt);
            local().run(context -> assertRefused(context, Reason.SEALED, "keyset.json"));
            assertThat(Files.readString(keyset)).isEqualTo(corrupt);
        }
    }

    @Test
    void aSecurityModuleThatIsNotThereIsNoStartAndNoKeysetFile() throws IOException {
        Path none = home.resolve("none.so");
        local().withPropertyValues(
                        "postern.kms.kind=pkcs11",
                        "postern.kms.pkcs11.library=" + none,
                        "postern.kms.pkcs11.pin-file=" + home.resolve("passphrase"))
                .run(context -> assertRefused(context, Reason.UNAVAILABLE, none.toString()));
        assertThat(home.resolve("data/keyset.json")).doesNotExist();
    }

    /// As the one sentence that whoever starts the service reads.
    private static void assertRefused(AssertableApplicationContext context, Reason reason, String named) {
        assertThat(context).hasFailed();
        FailureAnalysis said = Objects.requireNonNull(
                new KmsStartFailure().analyze(Objects.requireNonNull(context.getStartupFailure())));
        assertThat(said.getDescription()).contains(named);
        assertThat(said.getCause())
                .isInstanceOfSatisfying(
                        KeyManagementException.class,
                        e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void whatIsNotKnownIsNoStart() throws IOException {
        local().withPropertyValues("postern.kms.kind=cloud")
                .run(context -> assertThat(context).hasFailed());
    }

    @Test
    void noKeysIsNoKeyManagementAndNoStartForAServiceThatAsksForOne() {
        ApplicationContextRunner none = service().withPropertyValues("postern.kms.kind=none");
        none.run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(context).doesNotHaveBean(WrappedSets.class);
        });
        none.withBean(Keeper.class).run(context -> assertRefused(context, Reason.UNAVAILABLE, "postern.kms.kind=none"));
        assertThat(home.resolve("data")).doesNotExist();
    }

    /// A service with keys.
    record Keeper(KeyManagement keys) {}

    private ApplicationContextRunner withIdentity(ApplicationContextRunner service, String name) {
        return service.withPropertyValues(
                "spring.application.name=" + name,
                "postern.trust-domain=postern.local",
                "postern.identity.bootstrap=vault",
                "postern.identity.ca-certificate=" + home.resolve("ca.pem"),
                "postern.identity.dns-names=localhost",
                "postern.identity.vault.role=postern-" + name);
    }

    @Test
    void anIdentityFromAVaultWantsAVault() throws IOException {
        withIdentity(local(), "token-service")
                .run(context -> assertThat(context)
                        .getFailure()
                        .hasStackTraceContaining("postern.identity.bootstrap=vault wants postern.kms.kind=vault"));
    }

    @Test
    void anIdentityFromAVaultLivesTwoMinutesToADay() throws IOException {
        for (String life : new String[] {"1m", "25h"}) {
            withIdentity(local(), "token-service")
                    .withPropertyValues("postern.identity.vault.certificate-ttl=" + life)
                    .run(context -> assertThat(context)
                            .getFailure()
                            .hasStackTraceContaining("certificate-ttl is from 2 min to 24 h"));
        }
    }

    @Test
    void aVaultIsOne() throws IOException {
        try (VaultRig rig = VaultRig.start(home.resolve("rig"))) {
            vault(rig, "key-rotation-service").run(context -> {
                assertThat(context).getBean(KeyManagement.class).isInstanceOf(VaultKeyManagement.class);
                assertThat(context).getBean(WrappedSets.class).isInstanceOf(VaultWrappedSets.class);
                assertThat(context).hasSingleBean(HealthIndicator.class);
                assertThat(context).doesNotHaveBean(CertificateAuthority.class);
            });
            vault(rig, "key-rotation-service")
                    .withPropertyValues("postern.ca.kind=vault-pki")
                    .run(context -> assertThat(context).hasSingleBean(CertificateAuthority.class));
            withIdentity(vault(rig, "token-service"), "token-service")
                    .run(context -> assertThat(context).hasSingleBean(IdentityIssuer.class));
            ApplicationContextRunner late = vault(rig, "key-rotation-service");
            rig.vault.seal();
            late.run(context -> assertThat(context)
                    .getFailure()
                    .hasRootCauseInstanceOf(HttpServerErrorException.class)
                    .hasStackTraceContaining(KeyManagementException.class.getName() + ": The Vault is sealed"));
        }
    }
}

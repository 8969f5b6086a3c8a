package dev.postern.vault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.test.ProjectFiles;
import dev.postern.vault.KmsProperties.Authentication;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.FileSystemResource;

/// What services say of their keys, as shipped: with the chassis' defaults below their own settings.
final class ServiceSettingsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path home;

    private StandardEnvironment environment(String service, Map<String, Object> operator) throws IOException {
        StandardEnvironment environment = new StandardEnvironment();
        MutablePropertySources sources = environment.getPropertySources();
        sources.remove(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME);
        sources.remove(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME);
        sources.addLast(new MapPropertySource("home", Map.of("postern.home", home.toString())));
        sources.addLast(new MapPropertySource("operator", operator));
        for (String file : new String[] {
            service + "/src/main/resources/application.yml", "service-chassis/src/main/resources/chassis-defaults.yml"
        }) {
            new YamlPropertySourceLoader()
                    .load(file, new FileSystemResource(ProjectFiles.root().resolve(file)))
                    .forEach(sources::addLast);
        }
        return environment;
    }

    private static KmsProperties kms(StandardEnvironment environment) {
        return Binder.get(environment).bind("postern.kms", KmsProperties.class).get();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "audit-service",
                "gateway-service",
                "inference-relay",
                "key-rotation-service",
                "redaction-service",
                "token-service"
            })
    void aServiceStartsWithAVaultWhenTheOperatorSaysWhichAndWho(String service) throws IOException {
        StandardEnvironment environment = environment(
                service,
                Map.of(
                        "postern.kms.kind", "vault",
                        "postern.kms.vault.uri", "https://vault:8200",
                        "postern.kms.vault.ca-certificate", "/ca.pem",
                        "postern.kms.vault.role-id", "r"));

        assertThat(kms(environment).vault()).isNotNull().satisfies(vault -> {
            assertThat(vault.authentication()).isEqualTo(Authentication.APPROLE);
            assertThat(vault.keyPrefix()).as("as its policy says").isEqualTo(service);
            assertThat(vault.secretIdFile())
                    .isEqualTo(home.resolve("data").resolve(service).resolve("vault-secret-id"));
        });
        assertThat(environment.getProperty("postern.identity.vault.role"))
                .as("as deploy/vault/setup.sh names it")
                .isEqualTo("postern-" + service);
        assertThat(environment.getProperty("management.endpoint.health.show-details"))
                .as("the health contributor kms says why")
                .isEqualTo("always");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "audit-service",
                "gateway-service",
                "inference-relay",
                "key-rotation-service",
                "redaction-service",
                "token-service"
            })
    void aContainerFindsWhatItsEntrypointPrepared(String service) throws IOException, InterruptedException {
        prepare(service, "");

        StandardEnvironment environment = environment(service, Map.of());
        assertThat(kms(environment).passphraseFile()).exists();
        if (!service.equals("key-rotation-service")) {
            assertThat(Path.of(environment.getRequiredProperty("postern.identity.join-token-file")))
                    .exists();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kubernetes", "vault"})
    void aContainerThatProvesItselfByOtherMeansAdmitsNobodyByAToken(String bootstrap)
            throws IOException, InterruptedException {
        prepare("token-service", bootstrap);

        StandardEnvironment environment = environment("token-service", Map.of());
        assertThat(kms(environment).passphraseFile()).exists();
        assertThat(Path.of(environment.getRequiredProperty("postern.identity.join-token-file")))
                .doesNotExist();
        assertThat(home.resolve("data/key-rotation-service")).doesNotExist();
    }

    private void prepare(String service, String bootstrap) throws IOException, InterruptedException {
        Path programs = Files.createDirectory(home.resolve("programs"));
        Files.writeString(programs.resolve("java"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(programs.resolve("java"), PosixFilePermissions.fromString("rwx------"));
        ProcessBuilder entrypoint = new ProcessBuilder(
                        "sh",
                        ProjectFiles.root().resolve("deploy/entrypoint.sh").toString())
                .redirectErrorStream(true);
        entrypoint.environment().merge("PATH", programs.toString(), (path, first) -> first + ":" + path);
        entrypoint.environment().put("POSTERN_SERVICE", service);
        entrypoint.environment().put("POSTERN_HOME", home.toString());
        if (!bootstrap.isEmpty()) {
            entrypoint.environment().put("POSTERN_IDENTITY_BOOTSTRAP", bootstrap);
        }
        Process process = entrypoint.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }
}

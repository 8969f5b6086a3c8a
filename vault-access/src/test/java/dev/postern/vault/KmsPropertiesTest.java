package dev.postern.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.vault.KmsProperties.Authentication;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

final class KmsPropertiesTest {
    private static final Map<String, String> VAULT = Map.of(
            "kind", "vault",
            "vault.uri", "https://vault:8200",
            "vault.ca-certificate", "/ca",
            "vault.authentication", "approle",
            "vault.role-id", "r",
            "vault.secret-id-file", "/s",
            "vault.key-prefix", "audit-service");

    private static KmsProperties bind(Map<String, String> properties) {
        Map<String, String> full = new HashMap<>();
        properties.forEach((name, value) -> full.put("postern.kms." + name, value));
        return new Binder(new MapConfigurationPropertySource(full)).bindOrCreate("postern.kms", KmsProperties.class);
    }

    private static Map<String, String> with(String name, String value) {
        Map<String, String> changed = new HashMap<>(VAULT);
        changed.put("vault." + name, value);
        return changed;
    }

    @Test
    void localIsTheDefaultAndWantsItsFiles() {
        assertThat(bind(Map.of("keyset-file", "/k", "passphrase-file", "/p")))
                .isEqualTo(new KmsProperties(KmsProperties.Kind.LOCAL, Path.of("/k"), Path.of("/p"), null, null));
        // What a service says of its Vault waits for kind=vault.
        assertThat(bind(Map.of(
                                "keyset-file", "/k",
                                "passphrase-file", "/p",
                                "vault.authentication", "approle",
                                "vault.key-prefix", "audit-service"))
                        .kind())
                .isEqualTo(KmsProperties.Kind.LOCAL);
        assertThatThrownBy(() -> bind(Map.of("keyset-file", "/k"))).isInstanceOf(BindException.class);
        assertThatThrownBy(() -> bind(Map.of())).isInstanceOf(BindException.class);
        assertThatThrownBy(() -> bind(Map.of("kind", "another"))).isInstanceOf(BindException.class);
    }

    @Test
    void theseAreTheNamesAndDefaultsOfAVault() {
        assertThat(bind(VAULT).vault())
                .isEqualTo(new KmsProperties.Vault(
                        URI.create("https://vault:8200"),
                        Path.of("/ca"),
                        Authentication.APPROLE,
                        null,
                        null,
                        "r",
                        Path.of("/s"),
                        Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token"),
                        null,
                        null,
                        "audit-service",
                        "transit",
                        "postern",
                        "pki",
                        "postern-workload",
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10)));
        assertThatThrownBy(() -> bind(Map.of("kind", "vault"))).isInstanceOf(BindException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "uri, ''",
        "uri, http://vault:8200",
        "uri, ftp://localhost",
        "authentication, token",
        "authentication, kubernetes",
        "authentication, certificate",
        "key-prefix, ../other",
        "key-prefix, A",
        "timeout, 0ms",
        "connect-timeout, 0ms",
        "probe, 10ms",
    })
    void whatCannotWorkIsRefused(String name, String value) {
        assertThatThrownBy(() -> bind(with(name, value))).isInstanceOf(BindException.class);
    }

    @Test
    void credentialsAreComplete() {
        Map<String, String> noSecret = new HashMap<>(VAULT);
        noSecret.remove("vault.secret-id-file");
        assertThatThrownBy(() -> bind(noSecret)).isInstanceOf(BindException.class);
        Map<String, String> noAuthority = new HashMap<>(VAULT);
        noAuthority.remove("vault.ca-certificate");
        assertThatThrownBy(() -> bind(noAuthority)).isInstanceOf(BindException.class);
        Map<String, String> noKey = with("authentication", "certificate");
        noKey.put("vault.role", "audit-service");
        noKey.put("vault.certificate-file", "/c");
        assertThatThrownBy(() -> bind(noKey)).isInstanceOf(BindException.class);
        noKey.put("vault.key-file", "/k");
        assertThat(bind(noKey).vault()).isNotNull();
    }
}

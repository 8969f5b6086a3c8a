package dev.postern.rotation.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

final class AuthorityPropertiesTest {
    private static AuthorityProperties bind(Map<String, String> properties) {
        return new Binder(new MapConfigurationPropertySource(properties))
                .bindOrCreate("postern.ca", AuthorityProperties.class);
    }

    @Test
    void defaults() {
        assertThat(bind(Map.of()))
                .isEqualTo(new AuthorityProperties(
                        AuthorityProperties.Kind.LOCAL,
                        Duration.ofHours(24),
                        Duration.ofDays(3650),
                        List.of("localhost", "127.0.0.1")));
    }

    @Test
    void names() {
        AuthorityProperties set = bind(Map.of(
                "postern.ca.kind", "vault-pki",
                "postern.ca.certificate-ttl", "4m",
                "postern.ca.lifetime", "90d",
                "postern.ca.hosts", "localhost,{service}.postern.svc"));

        assertThat(set.kind()).isEqualTo(AuthorityProperties.Kind.VAULT_PKI);
        assertThat(set.certificateTtl()).isEqualTo(Duration.ofMinutes(4));
        assertThat(set.lifetime()).isEqualTo(Duration.ofDays(90));
        assertThat(set.hostsOf("token-service")).containsExactly("localhost", "token-service.postern.svc");
        assertThat(set.hostsOf("operator/monitor")).containsExactly("localhost");
    }

    @Test
    void lifetimesMakeSense() {
        assertThatThrownBy(() -> bind(Map.of("postern.ca.certificate-ttl", "1s")))
                .isInstanceOf(BindException.class);
        assertThatThrownBy(() -> bind(Map.of("postern.ca.kind", "vault-pki", "postern.ca.certificate-ttl", "1m")))
                .isInstanceOf(BindException.class);
        assertThatThrownBy(() -> bind(Map.of("postern.ca.kind", "another"))).isInstanceOf(BindException.class);
        assertThatThrownBy(() -> bind(Map.of("postern.ca.lifetime", "1h"))).isInstanceOf(BindException.class);
    }
}

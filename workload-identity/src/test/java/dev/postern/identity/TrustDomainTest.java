package dev.postern.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TrustDomainTest {
    @Test
    void namesServicesAndOperators() {
        assertThat(Authorities.DOMAIN.idOf("token-service"))
                .isEqualTo(URI.create("spiffe://postern.local/service/token-service"));
        assertThat(Authorities.DOMAIN.idOf("operator/cli"))
                .isEqualTo(URI.create("spiffe://postern.local/operator/cli"));
    }

    @Test
    void readsItsOwnNamesBack() {
        assertThat(Authorities.DOMAIN.workloadOf(URI.create("spiffe://postern.local/service/token-service")))
                .contains("token-service");
        assertThat(Authorities.DOMAIN.workloadOf(URI.create("spiffe://postern.local/operator/cli")))
                .contains("operator/cli");
        assertThat(Authorities.DOMAIN.workloadOf(URI.create("spiffe://elsewhere.local/service/token-service")))
                .isEmpty();
        assertThat(Authorities.DOMAIN.workloadOf(URI.create("spiffe://postern.local/service/operator/cli")))
                .isEmpty();
        assertThat(Authorities.DOMAIN.workloadOf(URI.create("spiffe://postern.local/token-service")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Token", "a/b", "../x", "operator/", "operator/a/b", "service/x", "-a", "a b"})
    void otherNamesAreRefused(String name) {
        assertThatThrownBy(() -> Authorities.DOMAIN.idOf(name)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://postern.local/service/a",
                "spiffe://postern.local",
                "spiffe://postern.local/",
                "spiffe://user@postern.local/service/a",
                "spiffe://postern.local:1/service/a",
                "spiffe://postern.local/service/a?x",
                "spiffe://postern.local/service/a#x",
                "spiffe://postern.local/service/%61",
                "spiffe://postern.local/./a",
                "spiffe://postern.local/../a",
                "SPIFFE://postern.local/service/a"
            })
    void otherUrisAreNoSpiffeIds(String uri) {
        assertThat(TrustDomain.spiffeId(uri)).isEmpty();
    }
}

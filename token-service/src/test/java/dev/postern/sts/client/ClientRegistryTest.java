package dev.postern.sts.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.sts.TestClientKey;
import dev.postern.sts.TestDatabase;
import dev.postern.sts.client.ClientRegistration.Proof;
import dev.postern.test.MutableClock;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;

final class ClientRegistryTest {
    private final TestDatabase database = TestDatabase.create();
    private final ClientRegistry registry =
            new ClientRegistry(database.jdbc(), database.transactions(), MutableClock.atNoon());
    private final ClientRegistration demo = new ClientRegistration(
            "demo",
            "acme",
            new Proof.SignedAssertion(
                    ClientKeys.parse(TestClientKey.generate("k1").jwks())),
            Set.of("llm:invoke", "audit:read"),
            Set.of("urn:postern:gateway"));

    @Test
    void findWhenSavedThenSame() {
        registry.save(demo);
        assertThat(registry.find("demo")).contains(demo);
        assertThat(registry.find("other")).isEmpty();
        assertThat(registry.find("DEMO")).isEmpty();
    }

    @Test
    void removeWhenSavedThenGone() {
        registry.save(demo);
        assertThat(registry.names()).containsExactly("demo");
        registry.remove("demo");
        assertThat(registry.names()).isEmpty();
        assertThat(registry.find("demo")).isEmpty();
    }

    @Test
    void saveWhenAgainThenReplacedWhole() {
        registry.save(demo);
        ClientRegistration narrower = new ClientRegistration(
                "demo", "acme", new Proof.WorkloadCertificate(), Set.of("llm:invoke"), Set.of("urn:postern:relay"));
        registry.save(narrower);
        assertThat(registry.find("demo")).contains(narrower);
    }

    @Test
    void registeredWhenFoundThenClientCredentialsAndItsOneMethodOnly() {
        registry.save(demo);
        assertThat(new RegisteredClients(registry).findByClientId("demo")).satisfies(client -> {
            assertThat(client.getAuthorizationGrantTypes())
                    .isEqualTo(Set.of(AuthorizationGrantType.CLIENT_CREDENTIALS));
            assertThat(client.getClientAuthenticationMethods())
                    .isEqualTo(Set.of(ClientAuthenticationMethod.PRIVATE_KEY_JWT));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a/b", "-a", "ä", "a\nb"})
    void registrationWhenNameIsUnfitThenRefused(String clientId) {
        assertThatThrownBy(
                        () -> new ClientRegistration(clientId, "acme", demo.proof(), demo.scopes(), demo.audiences()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("client_id");
    }

    @Test
    void registrationWhenNothingIsGrantedThenRefused() {
        assertThatThrownBy(() -> new ClientRegistration("demo", "acme", demo.proof(), Set.of(), demo.audiences()))
                .hasMessageContaining("scopes");
        assertThatThrownBy(() -> new ClientRegistration("demo", "acme", demo.proof(), demo.scopes(), Set.of()))
                .hasMessageContaining("audiences");
    }
}

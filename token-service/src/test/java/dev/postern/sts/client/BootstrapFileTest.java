package dev.postern.sts.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.JWKSet;
import dev.postern.sts.TestClientKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BootstrapFileTest {
    private final TestClientKey key = TestClientKey.generate("k1");

    @TempDir
    private Path directory = Path.of("");

    @Test
    void readWhenThereIsNoFileThenNoClients() {
        assertThat(BootstrapFile.read(directory.resolve("none.json"))).isEmpty();
    }

    @Test
    void readWhenGoodThenRegistrations() throws IOException {
        Path file = write(client("private_key_jwt", key.jwks()));
        assertThat(BootstrapFile.read(file).orElseThrow()).singleElement().satisfies(entry -> {
            ClientRegistration client = entry.client();
            assertThat(client.clientId()).isEqualTo("demo");
            assertThat(client.tenant()).isEqualTo("acme");
            assertThat(client.scopes()).isEqualTo(Set.of("llm:invoke"));
            assertThat(client.audiences()).isEqualTo(Set.of("urn:postern:gateway", "urn:postern:relay"));
            assertThat(client.proof()).isEqualTo(new Proof.SignedAssertion(ClientKeys.parse(key.jwks())));
        });
    }

    @Test
    void readWhenAClientIsNamedTwiceThenRefused() throws IOException {
        String one = client("private_key_jwt", key.jwks()).strip();
        Path file = write(one.substring(0, one.length() - 1) + "," + one.substring(1));
        assertThatThrownBy(() -> BootstrapFile.read(file))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("demo twice");
    }

    @Test
    void readWhenKeyIsPrivateThenRefusedWithoutTellingIt() throws IOException {
        Path file = write(client("private_key_jwt", new JWKSet(key.key()).toString(false)));
        assertThatThrownBy(() -> BootstrapFile.read(file))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("public keys only")
                .message()
                .doesNotContain(String.valueOf(key.key().getD()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "not json",
                "[{}]",
                "[{\"client_id\":\"a\",\"client_id\":\"b\"}]",
                "[{\"client_id\":\"demo\",\"tenant\":\"acme\",\"auth\":\"client_secret_basic\"}]",
                "[{\"client_id\":\"demo\",\"tenant\":\"acme\",\"auth\":\"tls_client_auth\",\"scopes\":[\"a\"],\"audiences\":[\"urn:a\"]}]",
                "[{\"client_id\":\"demo\",\"tenant\":\"acme\",\"auth\":\"workload\",\"scopes\":[\"a\"],\"audiences\":[\"urn:a\"],\"bindings\":[\"none\"]}]",
                "[{\"client_id\":\"demo\",\"tenant\":\"acme\",\"auth\":\"workload\",\"scopes\":[\"a\"],\"audiences\":[\"urn:a\"],\"extra\":1}]",
                "[{\"client_id\":\"demo\",\"tenant\":\"acme\",\"auth\":\"private_key_jwt\",\"jwks\":{\"keys\":[]}}]"
            })
    void readWhenUnfitThenRefused(String content) throws IOException {
        Path file = write(content);
        assertThatThrownBy(() -> BootstrapFile.read(file)).isInstanceOf(IllegalStateException.class);
    }

    private static String client(String auth, String jwks) {
        return """
                [{"client_id":"demo","tenant":"acme","auth":"%s","jwks":%s,"scopes":["llm:invoke"],
                  "audiences":["urn:postern:gateway","urn:postern:relay"]}]
                """.formatted(auth, jwks);
    }

    private Path write(String content) throws IOException {
        return Files.writeString(directory.resolve("clients.json"), content);
    }
}

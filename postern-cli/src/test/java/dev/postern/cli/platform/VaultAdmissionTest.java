package dev.postern.cli.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.postern.cli.home.PosternHome;
import dev.postern.cli.terminal.Failure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the real server answers is the system test's; here is what becomes of a wrong one.
@SuppressWarnings("NullAway.Init")
class VaultAdmissionTest {
    private static final String TOKEN = "root-token";

    @TempDir
    Path directory;

    private HttpServer server;
    private String body = "{\"data\":{\"role_id\":\"r-1\",\"secret_id\":\"s-1\"}}";
    private Map<String, String> environment;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/auth/approle/role/", exchange -> {
            boolean known = TOKEN.equals(exchange.getRequestHeaders().getFirst("X-Vault-Token"));
            byte[] answer = (known ? body : "{\"errors\":[\"permission denied\"]}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(known ? 200 : 403, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        environment = new HashMap<>(
                Map.of("VAULT_ADDR", "http://127.0.0.1:" + server.getAddress().getPort(), "VAULT_TOKEN", TOKEN));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void servicesWithKeysGetWhatTheyLogInWithAndNobodyElse() throws Exception {
        PosternHome home = new PosternHome(directory.resolve("home"));

        Kms kms = VaultAdmission.of(environment).admit(home);

        Path secretId = home.data("token-service").resolve("vault-secret-id");
        assertThat(Files.readString(secretId)).isEqualTo("s-1");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secretId)))
                .isEqualTo("rw-------");
        assertThat(kms.environment(PlatformService.TOKEN))
                .containsEntry("POSTERN_KMS_KIND", "vault")
                .containsEntry("POSTERN_KMS_VAULT_ROLE_ID", "r-1")
                .containsEntry("POSTERN_KMS_VAULT_URI", environment.get("VAULT_ADDR"))
                .doesNotContainKey("POSTERN_CA_KIND");
        assertThat(kms.environment(PlatformService.ROTATION)).containsEntry("POSTERN_CA_KIND", "vault-pki");
        assertThat(kms.environment(PlatformService.GATEWAY)).isEmpty();
        assertThat(home.data("gateway-service")).doesNotExist();
        assertThat(kms.toString()).doesNotContain("s-1", TOKEN);
        assertThat(Kms.LOCAL.environment(PlatformService.TOKEN)).isEmpty();
    }

    @Test
    void vaultThatRefusesIsAFailureAndNothingIsWritten() {
        environment.put("VAULT_TOKEN", "another");
        PosternHome home = new PosternHome(directory.resolve("home"));

        assertThatThrownBy(() -> VaultAdmission.of(environment).admit(home))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("403")
                .hasMessageContaining("deploy/vault/setup.sh");
        assertThat(home.root()).doesNotExist();
    }

    @Test
    void answerThatIsNoVaultsIsAFailure() {
        body = "{\"data\":{}}";

        assertThatThrownBy(() -> VaultAdmission.of(environment).admit(new PosternHome(directory.resolve("home"))))
                .isInstanceOf(Failure.class);
    }

    @Test
    void anAdministratorsTokenDoesNotTravelInTheClear() {
        for (String address : List.of(
                "http://vault.example:8200",
                "http://127.0.0.2:1",
                "ftp://localhost",
                "vault:8200",
                "https:///v",
                "https://admin:s3cret@vault:8200",
                "h ttps://v")) {
            assertThatThrownBy(() -> VaultAdmission.of(Map.of("VAULT_ADDR", address, "VAULT_TOKEN", TOKEN)))
                    .as(address)
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("https")
                    .hasMessageNotContaining("s3cret");
        }
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatThrownBy(() -> VaultAdmission.of(Map.of("VAULT_ADDR", "http://127.0.0.1:1")))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("VAULT_TOKEN");
        assertThatThrownBy(() -> VaultAdmission.of(Map.of("VAULT_TOKEN", TOKEN)))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("VAULT_ADDR");
        assertThatThrownBy(() -> VaultAdmission.of(Map.of("BAO_ADDR", "https://vault:8200", "BAO_TOKEN", TOKEN)))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("VAULT_CACERT");
    }
}

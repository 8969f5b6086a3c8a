package dev.postern.vault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.kms.KeyManagement;
import dev.postern.kms.KeyManagementException.Reason;
import dev.postern.kms.KeyName;
import dev.postern.test.ProjectFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// With the credentials and the policy of audit-service, as shipped, and one line more: no service signs at the server
/// today.
final class VaultKeysContractTest extends KeyManagementContract {
    private static final byte[] SECRET = "a key to keep".getBytes(StandardCharsets.UTF_8);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path home;

    @SuppressWarnings("NullAway.Init") // JUnit starts it before the first test.
    private static VaultRig rig;

    @SuppressWarnings("NullAway.Init") // JUnit opens it before each test.
    private VaultConnection connection;

    @SuppressWarnings("NullAway.Init")
    private KeyManagement kms;

    @BeforeAll
    static void start() throws IOException {
        rig = VaultRig.start(home);
        Path policies = ProjectFiles.root().resolve("deploy/vault/policies");
        String shipped = Files.readString(policies.resolve("token.hcl"))
                + Files.readString(policies.resolve("service.hcl")).replace("@SERVICE@", "audit-service");
        rig.vault.api(
                "PUT",
                "sys/policies/acl/audit-service",
                Map.of("policy", shipped + "path \"transit/sign/audit-service.*\" { capabilities = [\"update\"] }\n"));
    }

    @AfterAll
    static void stop() {
        // Nothing was started where there is no server.
        Optional.ofNullable(rig).ifPresent(VaultRig::close);
    }

    @BeforeEach
    void connect() throws IOException {
        connection = rig.connect("audit-service");
        kms = connection.keys();
    }

    @AfterEach
    void forget() {
        connection.close();
        rig.deleteKeys();
    }

    @Override
    KeyManagement kms() {
        return kms;
    }

    @Override
    KeyManagement restarted() {
        connection.close();
        try {
            connect();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return kms;
    }

    @Test
    void keysAreMadeWithoutAWayOut() {
        kms.wrap(KeyName.wrapping("pseudonyms"), SECRET, SECRET);
        kms.sign(KeyName.signingP256("log"), SECRET);

        for (String key : new String[] {"audit-service.wrapping.pseudonyms", "audit-service.p256.log"}) {
            var data = rig.vault.api("GET", "transit/keys/" + key, Map.of()).path("data");
            assertThat(data.path("exportable").asBoolean(true)).isFalse();
            assertThat(data.path("allow_plaintext_backup").asBoolean(true)).isFalse();
        }
    }

    @Test
    void aKeyThatSomebodyMadeExportableIsRefused() {
        rig.vault.api(
                "POST",
                "transit/keys/audit-service.wrapping.leaky",
                Map.of("type", "aes256-gcm96", "derived", true, "exportable", true));

        assertRefused(Reason.WRONG_KIND, () -> kms.wrap(KeyName.wrapping("leaky"), SECRET, SECRET));
    }

    @Test
    void aKeyOfAnotherTypeOrWithoutDerivationIsRefused() {
        rig.vault.api("POST", "transit/keys/audit-service.wrapping.plain", Map.of("type", "aes256-gcm96"));
        rig.vault.api("POST", "transit/keys/audit-service.p256.other", Map.of("type", "ed25519"));

        assertRefused(Reason.WRONG_KIND, () -> kms.wrap(KeyName.wrapping("plain"), SECRET, SECRET));
        assertRefused(Reason.WRONG_KIND, () -> kms.sign(KeyName.signingP256("other"), SECRET));
    }

    @Test
    void thePolicyKeepsServicesApartAndKeysIn() throws IOException {
        KeyName key = KeyName.wrapping("pseudonyms");
        byte[] wrapped = kms.wrap(key, SECRET, SECRET);
        KmsProperties.Vault own = rig.approle("redaction-service");
        try (VaultConnection other = rig.connect(new KmsProperties.Vault(
                own.uri(),
                own.caCertificate(),
                own.authentication(),
                null,
                null,
                own.roleId(),
                own.secretIdFile(),
                own.serviceAccountTokenFile(),
                null,
                null,
                "audit-service",
                own.transitMount(),
                own.kvMount(),
                own.pkiMount(),
                own.pkiRole(),
                own.connectTimeout(),
                own.timeout(),
                own.probe()))) {
            assertRefused(Reason.DENIED, () -> other.keys().unwrap(key, wrapped, SECRET));
            assertRefused(Reason.DENIED, () -> other.keys().wrap(KeyName.wrapping("mine"), SECRET, SECRET));
            assertRefused(Reason.DENIED, () -> other.sets().read("state"));
        }
        try (VaultConnection redaction = rig.connect(own)) {
            assertThat(redaction.keys().unwrap(key, redaction.keys().wrap(key, SECRET, SECRET), SECRET))
                    .isEqualTo(SECRET);
            assertRefused(Reason.DENIED, () -> redaction.keys().sign(KeyName.signingP256("log"), SECRET));
        }
    }

    @Test
    void noServiceCanMakeAKeyExportableOrExportOne() throws Exception {
        kms.wrap(KeyName.wrapping("pseudonyms"), SECRET, SECRET);
        String path = "audit-service.wrapping.pseudonyms";
        VaultLink link = connection.link();

        assertRefused(
                Reason.DENIED,
                () -> link.write(
                        VaultMetrics.Operation.DESTROY,
                        "transit/keys/" + path + "/config",
                        Map.of("exportable", true)));
        assertRefused(
                Reason.DENIED,
                () -> link.read(VaultMetrics.Operation.READ_KEY, "transit/export/encryption-key/" + path));
        assertRefused(Reason.DENIED, () -> link.read(VaultMetrics.Operation.READ_KEY, "transit/backup/" + path));
    }

    @Test
    void noServiceCanImportAKeyThatItKnows() {
        kms.wrap(KeyName.wrapping("pseudonyms"), SECRET, SECRET);
        VaultLink link = connection.link();

        for (String path :
                new String[] {"audit-service.wrapping.theirs/import", "audit-service.wrapping.pseudonyms/import_version"
                }) {
            for (String material : new String[] {"ciphertext", "public_key"}) {
                assertRefused(
                        Reason.DENIED,
                        () -> link.write(
                                VaultMetrics.Operation.DESTROY,
                                "transit/keys/" + path,
                                Map.of("type", "aes256-gcm96", material, "AAAA")));
            }
        }
    }

    @Test
    void aDestructionThatWasCutShortIsFinished() {
        KeyName key = KeyName.wrapping("pseudonyms");
        kms.wrap(key, SECRET, SECRET);
        kms.rotate(key);
        String path = "transit/keys/audit-service.wrapping.pseudonyms";
        rig.vault.api("POST", path + "/config", Map.of("min_decryption_version", 2, "min_encryption_version", 2));

        kms.destroyBefore(key, 2);
        assertThat(rig.vault
                        .api("GET", path, Map.of())
                        .path("data")
                        .path("min_available_version")
                        .asInt())
                .isEqualTo(2);
    }
}

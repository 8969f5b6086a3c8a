package dev.postern.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postern.cli.admin.AdminClient;
import dev.postern.cli.backup.BackupKeys;
import dev.postern.cli.backup.BackupWriter;
import dev.postern.cli.backup.Restoration;
import dev.postern.cli.home.Directories;
import dev.postern.cli.home.PosternHome;
import dev.postern.cli.proof.EncryptionProof;
import dev.postern.cli.scan.DiskScan;
import dev.postern.cli.terminal.Failure;
import dev.postern.session.RecipientKey;
import dev.postern.session.RecipientPublicKey;
import dev.postern.system.SystemPlatform.Running;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// A platform whose disk is lost is there again from its backup, as itself. It stops the platform.
@Order(70)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@ExtendWith(SystemPlatform.class)
class BackupTest {
    private static final InputStream NOTHING = new ByteArrayInputStream(new byte[0]);

    @TempDir
    Path away = Path.of("");

    @Test
    void platformWhenItsHomeIsLostThenTheSameAgainFromItsBackup(Running platform) throws Exception {
        PosternHome home = platform.home();
        Path privateKey = away.resolve("backup.key");
        Path backup = away.resolve("platform.backup");
        RecipientPublicKey publicKey = BackupKeys.generate(home, privateKey, home.backupKey(), false);
        BackupWriter writer = new BackupWriter(home, Clock.systemUTC());
        AuditLog audit = new AuditLog(platform);
        String token = platform.token();
        Edge.await("the token is in the log", () -> audit.issuedTokenIds().contains(AuditLog.tokenId(token)));
        String words = Canary.prompt("backup");
        try (AdminClient admin = platform.admin()) {
            var _ = admin.put(
                    "/scopes/backup:kept", Edge.JSON.createObjectNode().put("description", words), "");
        }
        String certificate = Files.readString(home.caCertificate());
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> writer.write(publicKey, backup))
                .withMessageContaining("The platform runs");

        platform.platform().down();
        BackupWriter.Made made = writer.write(publicKey, backup);
        assertThat(DiskScan.of(away, List.of(words, platform.demo().signingKey().toJSONString()))
                        .hits())
                .isEmpty();
        Directories.delete(home.root());
        try (RecipientKey key = BackupKeys.privateKey(privateKey.toString(), NOTHING)) {
            new Restoration(home).restore(backup, key, Optional.of(made.sha256()), false);
        }
        assertThat(EncryptionProof.of(home, List.of(words), Optional.empty()).ok())
                .isTrue();
        platform.platform().up();

        assertThat(Files.readString(home.caCertificate())).isEqualTo(certificate);
        try (AdminClient admin = platform.admin()) {
            assertThat(admin.list("/scopes"))
                    .filteredOn(scope -> scope.path("name").asString().equals("backup:kept"))
                    .singleElement()
                    .satisfies(scope ->
                            assertThat(scope.path("description").asString()).isEqualTo(words));
        }
        String next = platform.token();
        assertThat(new Edge(platform).chat(next, Canary.prompt("restored")).statusCode())
                .isEqualTo(200);
        Edge.await(
                "the log goes on where it was",
                () -> audit.issuedTokenIds().containsAll(List.of(AuditLog.tokenId(token), AuditLog.tokenId(next))));
        audit.verify();
    }
}

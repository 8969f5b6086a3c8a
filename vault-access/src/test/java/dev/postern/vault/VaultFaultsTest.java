package dev.postern.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.postern.kms.KeyManagement;
import dev.postern.kms.KeyManagementException.Reason;
import dev.postern.kms.KeyName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.Status;

/// A server that is stopped, sealed, restarted or slow, and credentials that are taken back: each is told apart, said,
/// and got over without a restart of the service.
final class VaultFaultsTest {
    private static final String SERVICE = "redaction-service";
    private static final KeyName KEY = KeyName.wrapping("pseudonyms");
    private static final byte[] SECRET = "a key to keep".getBytes(StandardCharsets.UTF_8);
    private static final byte[] CONTEXT = "what it is for".getBytes(StandardCharsets.UTF_8);

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
    }

    @AfterAll
    static void stop() {
        // Nothing was started where there is no server.
        Optional.ofNullable(rig).ifPresent(VaultRig::close);
    }

    @BeforeEach
    void connect() throws IOException {
        connection = rig.connect(SERVICE);
        kms = connection.keys();
    }

    @AfterEach
    void close() {
        connection.close();
    }

    @Test
    void aStoppedServerIsGoneThenSealedThenBack() {
        byte[] wrapped = kms.wrap(KEY, SECRET, CONTEXT);
        rig.vault.stop();
        try {
            KeyManagementContract.assertRefused(Reason.UNAVAILABLE, () -> kms.unwrap(KEY, wrapped, CONTEXT));
            assertDegraded("unavailable");
        } finally {
            rig.vault.startAgain();
        }
        KeyManagementContract.assertRefused(Reason.SEALED, () -> kms.unwrap(KEY, wrapped, CONTEXT));
        assertDegraded("sealed");
        rig.vault.unseal();

        awaitUp();
        assertThat(kms.unwrap(KEY, wrapped, CONTEXT)).isEqualTo(SECRET);
        // The token outlived it all: nobody logged in again.
        assertThat(rig.count("postern.kms.logins", "success")).isEqualTo(1);
    }

    @Test
    void aSealedServerIsNoticedWithoutACall() {
        rig.vault.seal();
        try {
            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertDegraded("sealed"));
        } finally {
            rig.vault.unseal();
        }
        awaitUp();
    }

    @Test
    void aSlowServerTimesOut() {
        byte[] wrapped = kms.wrap(KEY, SECRET, CONTEXT);
        rig.proxy.freeze();
        long start = System.nanoTime();
        try {
            KeyManagementContract.assertRefused(Reason.TIMED_OUT, () -> kms.unwrap(KEY, wrapped, CONTEXT));
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(4));
            assertDegraded("timed-out");
        } finally {
            rig.proxy.thaw();
        }
        awaitUp();
        assertThat(kms.unwrap(KEY, wrapped, CONTEXT)).isEqualTo(SECRET);
    }

    @Test
    void aRevokedTokenIsReplacedWithinTheCall() {
        byte[] wrapped = kms.wrap(KEY, SECRET, CONTEXT);
        rig.revokeToken(connection);

        assertThat(kms.unwrap(KEY, wrapped, CONTEXT)).isEqualTo(SECRET);
        assertThat(rig.count("postern.kms.logins", "success")).isEqualTo(2);
    }

    @Test
    void revokedCredentialsAreRefusedUntilThereAreNewOnes() throws IOException {
        byte[] wrapped = kms.wrap(KEY, SECRET, CONTEXT);
        rig.revokeSecretId(SERVICE);
        rig.revokeToken(connection);

        KeyManagementContract.assertRefused(Reason.DENIED, () -> kms.unwrap(KEY, wrapped, CONTEXT));
        assertDegraded("denied");
        double asked = rig.count("postern.kms.logins", "denied");
        for (int i = 0; i < 100; i++) {
            KeyManagementContract.assertRefused(Reason.DENIED, () -> kms.unwrap(KEY, wrapped, CONTEXT));
        }
        // A hundred calls at once are no hundred logins.
        assertThat(rig.count("postern.kms.logins", "denied")).isLessThan(asked + 20);

        rig.handOutSecretId(SERVICE);
        awaitUp();
        assertThat(kms.unwrap(KEY, wrapped, CONTEXT)).isEqualTo(SECRET);
    }

    @Test
    void aRefusalByPolicyIsNoTrouble() {
        byte[] wrapped = kms.wrap(KEY, SECRET, CONTEXT);

        KeyManagementContract.assertRefused(Reason.DENIED, () -> kms.sign(KeyName.signingP256("log"), SECRET));
        assertThat(new KmsHealth(connection).health().getStatus()).isEqualTo(Status.UP);
        assertThat(kms.unwrap(KEY, wrapped, CONTEXT)).isEqualTo(SECRET);
        assertThat(rig.count("postern.kms.logins", "success")).isEqualTo(1);
    }

    @Test
    void tokensAreRenewedAndReplacedBeforeTheyEnd() throws IOException {
        connection.close();
        KmsProperties.Vault settings = rig.approle(SERVICE);
        rig.vault.api("POST", "auth/approle/role/" + SERVICE, Map.of("token_ttl", "2s", "token_max_ttl", "5s"));
        try {
            connection = rig.connect(settings);
            kms = connection.keys();
            byte[] wrapped = kms.wrap(KEY, SECRET, CONTEXT);
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(50))
                    // Every call on the way succeeds.
                    .until(() -> {
                        assertThat(kms.unwrap(KEY, wrapped, CONTEXT)).isEqualTo(SECRET);
                        return rig.count("postern.kms.renewals", "success") >= 3
                                && rig.count("postern.kms.logins", "success") >= 3;
                    });
            assertThat(rig.count("postern.kms.logins", "denied")).isZero();
            assertThat(rig.available()).isEqualTo(1);
        } finally {
            rig.vault.setUp(Map.of());
        }
    }

    @Test
    void aStartWithWrongCredentialsFails() throws IOException {
        KmsProperties.Vault settings = rig.approle(SERVICE);
        Files.writeString(rig.secretId(SERVICE), "00000000-0000-0000-0000-000000000000");
        KeyManagementContract.assertRefused(Reason.DENIED, () -> rig.connect(settings));

        Files.delete(rig.secretId(SERVICE));
        KeyManagementContract.assertRefused(Reason.DENIED, () -> rig.connect(settings));
    }

    @Test
    void aStartAtASealedOrAbsentServerFails() throws IOException {
        KmsProperties.Vault settings = rig.approle(SERVICE);
        rig.vault.seal();
        try {
            KeyManagementContract.assertRefused(Reason.SEALED, () -> rig.connect(settings));
        } finally {
            rig.vault.unseal();
        }
        rig.vault.stop();
        try {
            KeyManagementContract.assertRefused(Reason.UNAVAILABLE, () -> rig.connect(settings));
        } finally {
            rig.vault.startAgain();
            rig.vault.unseal();
        }
    }

    @Test
    void aClosedConnectionGivesItsTokenBack() throws IOException {
        String token = connection.session().getSessionToken().getToken();
        connection.close();

        assertThat(catchThrowable(() -> rig.vault.api("POST", "auth/token/lookup", Map.of("token", token))))
                .hasMessageContaining("403");
        connect();
    }

    private void assertDegraded(String reason) {
        var health = new KmsHealth(connection).health();
        assertThat(health.getStatus()).isEqualTo(KmsHealth.DEGRADED);
        assertThat(health.getDetails()).containsEntry("reason", reason);
        assertThat(rig.available()).isZero();
    }

    private void awaitUp() {
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () -> assertThat(new KmsHealth(connection).health().getStatus())
                                .isEqualTo(Status.UP));
        assertThat(rig.available()).isEqualTo(1);
    }
}

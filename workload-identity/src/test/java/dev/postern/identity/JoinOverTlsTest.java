package dev.postern.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.postern.identity.IdentityUnavailable.Reason;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JoinOverTlsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private final HttpsAuthority authority = start(Duration.ofSeconds(4));

    private static HttpsAuthority start(Duration lifetime) {
        try {
            return new HttpsAuthority(lifetime);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @BeforeEach
    void writeFiles() throws IOException {
        Files.writeString(anchors(), CertificatePem.encode(authority.authority.certificate()));
        Files.writeString(token(), "one-time\n");
        authority.admit("one-time", "token-service");
    }

    @AfterEach
    void stop() {
        authority.close();
    }

    private Path anchors() {
        return directory.resolve("ca.pem");
    }

    private Path token() {
        return directory.resolve("join-token");
    }

    private JoinSettings settings(Duration timeout) {
        return new JoinSettings(
                "token-service",
                "postern.local",
                authority.address(),
                anchors(),
                new Credential.JoinToken(token()),
                InMemoryAuthority.LOCAL_HOSTS,
                timeout);
    }

    @Test
    void joinsOnceThenRenewsOverMutualTls() {
        try (WorkloadIdentity identity = WorkloadIdentity.join(settings(PATIENCE), Clock.systemUTC())) {
            BigInteger first = identity.current().leaf().getSerialNumber();
            assertThat(token()).doesNotExist();
            assertThat(identity.current().spiffeId()).isEqualTo(Authorities.TOKEN_SERVICE);

            await().atMost(PATIENCE).until(() -> identity.renewals() >= 2);
            assertThat(identity.current().leaf().getSerialNumber()).isNotEqualTo(first);
            assertThat(identity.renewalFailures()).isZero();
        }
    }

    @Test
    void whenTheAuthorityStaysAwayTlsClosesAtExpiryAndANewJoinTokenRecovers() throws Exception {
        try (WorkloadIdentity identity = WorkloadIdentity.join(settings(PATIENCE), Clock.systemUTC())) {
            authority.away = true;
            await().atMost(PATIENCE).until(() -> identity.lastFailure().equals(Optional.of(Reason.EXPIRED)));
            assertThat(identity.keyManager().chooseEngineServerAlias("EC", null, null))
                    .isNull();
            assertThat(identity.renewalFailures()).isGreaterThan(1);

            authority.away = false;
            authority.admit("second", "token-service");
            Files.writeString(token(), "second");
            await().atMost(PATIENCE)
                    .until(() -> identity.keyManager().chooseEngineServerAlias("EC", null, null) != null);
            assertThat(token()).doesNotExist();
        }
    }

    @Test
    void waitsForFilesThatAreWrittenLater() throws Exception {
        Files.delete(anchors());
        Files.delete(token());
        CompletableFuture<WorkloadIdentity> joining =
                CompletableFuture.supplyAsync(() -> WorkloadIdentity.join(settings(PATIENCE), Clock.systemUTC()));
        Files.writeString(anchors(), CertificatePem.encode(authority.authority.certificate()));
        Files.writeString(token(), "one-time");

        try (WorkloadIdentity identity = joining.get(20, TimeUnit.SECONDS)) {
            assertThat(identity.current().spiffeId()).isEqualTo(Authorities.TOKEN_SERVICE);
        }
    }

    @Test
    void aServiceAccountsTokenIsKeptAndJoinsAgainAfterTheCertificateRanOut() throws Exception {
        Files.writeString(token(), "projected");
        authority.attest("projected", "token-service");
        JoinSettings settings = new JoinSettings(
                "token-service",
                "postern.local",
                authority.address(),
                anchors(),
                new Credential.ServiceAccount(token()),
                InMemoryAuthority.LOCAL_HOSTS,
                PATIENCE);
        try (WorkloadIdentity identity = WorkloadIdentity.join(settings, Clock.systemUTC())) {
            assertThat(token()).exists();
            authority.away = true;
            await().atMost(PATIENCE)
                    .until(() -> identity.keyManager().chooseEngineServerAlias("EC", null, null) == null);
            authority.away = false;

            await().atMost(PATIENCE)
                    .until(() -> identity.keyManager().chooseEngineServerAlias("EC", null, null) != null);
            assertThat(token()).exists();
        }
    }

    @Test
    void missingAnchorIsSaidAfterTheWait() throws Exception {
        Files.delete(anchors());
        assertUnavailable(Reason.NO_TRUST_ANCHOR, Duration.ofMillis(200));
    }

    @Test
    void missingTokenIsSaidAfterTheWait() throws Exception {
        Files.delete(token());
        assertUnavailable(Reason.NO_JOIN_TOKEN, Duration.ofMillis(200));
    }

    @Test
    void refusedTokenIsSaidAtOnceAndForgotten() throws Exception {
        Files.writeString(token(), "wrong");
        assertUnavailable(Reason.REFUSED, PATIENCE);
        assertThat(token()).doesNotExist();
    }

    @Test
    void tokenOfAnotherServiceIsRefused() {
        authority.admit("one-time", "audit-service");
        assertUnavailable(Reason.REFUSED, PATIENCE);
    }

    @Test
    void authorityUnderAnotherAnchorGetsNoToken() throws Exception {
        Files.writeString(
                anchors(),
                CertificatePem.encode(Authorities.at(Clock.systemUTC()).certificate()));
        assertUnavailable(Reason.UNREACHABLE, Duration.ofMillis(300));
        assertThat(token()).as("the token was not shown to a stranger").exists();
    }

    @Test
    void anotherWorkloadOfThePlatformIsNoAuthority() throws Exception {
        try (HttpsAuthority other = new HttpsAuthority(Duration.ofHours(1), "inference-relay")) {
            Files.writeString(anchors(), CertificatePem.encode(other.authority.certificate()));
            JoinSettings there = new JoinSettings(
                    "token-service",
                    "postern.local",
                    other.address(),
                    anchors(),
                    new Credential.JoinToken(token()),
                    InMemoryAuthority.LOCAL_HOSTS,
                    Duration.ofMillis(300));
            assertThatThrownBy(() -> WorkloadIdentity.join(there, Clock.systemUTC()))
                    .isInstanceOfSatisfying(
                            IdentityUnavailable.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.UNREACHABLE));
        }
        assertThat(token()).as("the token was not shown to it").exists();
    }

    @Test
    void answerDoesNotBringItsOwnAnchors() {
        authority.issuing = Authorities.at(Clock.systemUTC());
        assertUnavailable(Reason.INVALID_ANSWER, PATIENCE);
    }

    @Test
    void renewalUnderUnknownAnchorsIsNotTakenOver() {
        try (WorkloadIdentity identity = WorkloadIdentity.join(settings(PATIENCE), Clock.systemUTC())) {
            authority.issuing = Authorities.at(Clock.systemUTC());
            await().atMost(PATIENCE).until(() -> identity.lastFailure().equals(Optional.of(Reason.INVALID_ANSWER)));
        }
    }

    private void assertUnavailable(Reason reason, Duration timeout) {
        assertThatThrownBy(() -> WorkloadIdentity.join(settings(timeout), Clock.systemUTC()))
                .isInstanceOfSatisfying(
                        IdentityUnavailable.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void plainHttpAuthorityIsNoSetting() {
        assertThatThrownBy(() -> new JoinSettings(
                        "token-service",
                        "postern.local",
                        java.net.URI.create("http://localhost:1"),
                        anchors(),
                        new Credential.JoinToken(token()),
                        List.of(),
                        PATIENCE))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

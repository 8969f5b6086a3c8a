package dev.postern.rotation.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import dev.postern.rotation.authority.ServiceAccounts.Refusal;
import dev.postern.rotation.authority.ServiceAccounts.Refused;
import dev.postern.test.MutableClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against an issuer on this machine, over TLS.
final class ServiceAccountsTest {
    private final MutableClock clock = new MutableClock(Instant.now());

    @TempDir
    Path directory;

    private LocalCluster cluster;
    private ServiceAccounts accounts;

    @BeforeEach
    void start() throws IOException {
        cluster = new LocalCluster();
        accounts = accounts(cluster.files(directory).resolve("cluster-ca.crt"));
    }

    private ServiceAccounts accounts(Path ca) {
        KubernetesProperties properties = new KubernetesProperties(
                LocalCluster.ISSUER,
                cluster.jwks(),
                ca,
                directory.resolve("own-token"),
                "postern",
                Duration.ofHours(24),
                Map.of("gateway-service", "postern/gateway"));
        return new ServiceAccounts(properties, new ClusterKeys(properties, clock), clock);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    private JWTClaimsSet.Builder good() {
        return LocalCluster.claims("postern", "gateway", clock.instant());
    }

    private void assertRefused(String token, Refusal refusal) {
        assertRefused(token, "gateway-service", refusal);
    }

    private void assertRefused(String token, String workload, Refusal refusal) {
        assertThatThrownBy(() -> accounts.require(token, workload))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.refusal()).isEqualTo(refusal));
    }

    @Test
    void aProjectedTokenProvesItsWorkloadAndNoOther() {
        String token = cluster.sign(good().build());
        assertThatCode(() -> accounts.require(token, "gateway-service")).doesNotThrowAnyException();
        assertRefused(token, "token-service", Refusal.UNKNOWN);
        assertThat(cluster.reads()).isEqualTo(1);
    }

    @Test
    void anotherAccountNamespaceOrIssuerIsRefused() {
        Instant now = clock.instant();
        assertRefused(cluster.sign(LocalCluster.claims("postern", "relay", now).build()), Refusal.OTHER_ACCOUNT);
        assertRefused(
                cluster.sign(LocalCluster.claims("elsewhere", "gateway", now).build()), Refusal.OTHER_ACCOUNT);
        assertRefused(cluster.sign(good().issuer("https://elsewhere").build()), Refusal.OTHER_ISSUER);
    }

    @Test
    void subjectAndBoundClaimMustAgree() {
        assertRefused(
                cluster.sign(
                        good().subject("system:serviceaccount:postern:relay").build()),
                Refusal.OTHER_ACCOUNT);
        assertRefused(
                cluster.sign(good().claim("kubernetes.io", Map.of("namespace", "postern"))
                        .build()),
                Refusal.OTHER_ACCOUNT);
        assertRefused(cluster.sign(good().claim("kubernetes.io", null).build()), Refusal.OTHER_ACCOUNT);
    }

    @Test
    void aTokenThatIsBoundToNoPodIsRefused() {
        assertRefused(
                cluster.sign(good().claim(
                                "kubernetes.io",
                                Map.of("namespace", "postern", "serviceaccount", Map.of("name", "gateway")))
                        .build()),
                Refusal.OTHER_ACCOUNT);
    }

    @Test
    void aTokenForTheApiServerIsRefused() {
        assertRefused(
                cluster.sign(good().audience("https://kubernetes.default.svc").build()), Refusal.OTHER_AUDIENCE);
    }

    @Test
    void expiredFutureLegacyAndTimelessTokensAreRefused() {
        Date now = Date.from(clock.instant());
        assertRefused(cluster.sign(good().expirationTime(now).build()), Refusal.OUT_OF_TIME);
        Date later = Date.from(clock.instant().plusSeconds(60));
        assertRefused(cluster.sign(good().notBeforeTime(later).build()), Refusal.OUT_OF_TIME);
        assertRefused(cluster.sign(good().issueTime(later).build()), Refusal.OUT_OF_TIME);
        Date nextYear = Date.from(clock.instant().plus(Duration.ofDays(365)));
        assertRefused(cluster.sign(good().expirationTime(nextYear).build()), Refusal.OUT_OF_TIME);
        assertRefused(cluster.sign(good().expirationTime(null).build()), Refusal.OUT_OF_TIME);
        assertRefused(cluster.sign(good().issueTime(null).build()), Refusal.OUT_OF_TIME);
    }

    @Test
    void forgedUnsignedAndBrokenTokensAreRefused() {
        ECKey impostor = LocalCluster.newKey("first");
        assertRefused(LocalCluster.sign(impostor, good().build()), Refusal.FORGED);
        assertRefused(new PlainJWT(good().build()).serialize(), Refusal.MALFORMED);
        assertRefused("no token", Refusal.MALFORMED);
        assertRefused("a".repeat(10_000), Refusal.MALFORMED);
    }

    @Test
    void inventedKeyIdsCostTheClusterOneReadInFiveSeconds() {
        for (int i = 0; i < 20; i++) {
            assertRefused(LocalCluster.sign(LocalCluster.newKey("invented-" + i), good().build()), Refusal.FORGED);
        }
        assertThat(cluster.reads()).isEqualTo(1);
        clock.advance(Duration.ofSeconds(6));
        assertRefused(LocalCluster.sign(LocalCluster.newKey("invented"), good().build()), Refusal.FORGED);
        assertThat(cluster.reads()).isEqualTo(2);
    }

    @Test
    void aKeyThatTheClusterTookBackIsTrustedForFiveMinutesAtMost() throws Exception {
        String old = cluster.sign(good().build());
        accounts.require(old, "gateway-service");
        cluster.rotate("second");
        clock.advance(Duration.ofMinutes(6));

        assertRefused(old, Refusal.FORGED);
        clock.advance(Duration.ofSeconds(6));
        accounts.require(cluster.sign(good().build()), "gateway-service");
    }

    @Test
    void whileTheClusterIsAwayNobodyJoinsAndThenTheyDo() throws Exception {
        String token = cluster.sign(good().build());
        cluster.away(true);
        assertRefused(token, Refusal.UNAVAILABLE);
        cluster.away(false);
        clock.advance(Duration.ofSeconds(6));
        accounts.require(token, "gateway-service");
    }

    @Test
    void aClusterUnderAnotherCertificateIsNotBelieved() throws Exception {
        try (LocalCluster other = new LocalCluster()) {
            Path elsewhere = java.nio.file.Files.createDirectory(directory.resolve("other"));
            accounts = accounts(other.files(elsewhere).resolve("cluster-ca.crt"));
            assertRefused(cluster.sign(good().build()), Refusal.UNAVAILABLE);
        }
    }

    @Test
    void settingsThatCouldNotBeMeantAreRefused() {
        assertThatThrownBy(() -> new KubernetesProperties(
                        LocalCluster.ISSUER,
                        java.net.URI.create("http://plain"),
                        directory,
                        null,
                        "postern",
                        Duration.ofHours(1),
                        Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new KubernetesProperties(
                        "",
                        null,
                        directory,
                        null,
                        "postern",
                        Duration.ofHours(1),
                        Map.of("gateway-service", "gateway")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () -> new KubernetesProperties("", null, directory, null, " ", Duration.ofHours(1), Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

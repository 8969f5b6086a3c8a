package dev.postern.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.edge.ChatRequests;
import dev.postern.cli.home.ClientKeys;
import dev.postern.cli.home.HomePreparation;
import dev.postern.cli.home.PosternHome;
import dev.postern.cli.keys.KeyLedger;
import dev.postern.cli.operator.MetricsSnapshot;
import dev.postern.cli.operator.Operator;
import dev.postern.cli.operator.PemIdentity;
import dev.postern.cli.operator.PlatformHttp;
import dev.postern.cli.platform.Checkout;
import dev.postern.cli.platform.Heaps;
import dev.postern.cli.platform.Kms;
import dev.postern.cli.platform.Platform;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.platform.PlatformSettings;
import dev.postern.cli.platform.Ports;
import dev.postern.cli.platform.Upstream;
import dev.postern.cli.platform.VaultAdmission;
import dev.postern.cli.terminal.Failure;
import dev.postern.cli.terminal.Progress;
import dev.postern.cli.token.TokenClient;
import dev.postern.cli.token.TokenRequest;
import dev.postern.test.ProjectFiles;
import dev.postern.test.VaultForTests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A platform of its own, its keys and its CA in a real Vault that was set up as shipped: it serves, it asks the Vault
/// for nothing while it does, and it goes on when the Vault does not. Skipped where there is no Vault to be had.
@Order(70)
@Timeout(value = 4, unit = TimeUnit.MINUTES)
@SuppressWarnings("NullAway.Init")
class PlatformOnVaultTest {
    private static final int PORT_OFFSET = 21_500;
    private static final int REQUESTS = 30;
    /// `postern.redaction.policies.reload`.
    private static final Duration POLICY_POLL = Duration.ofMillis(500);
    private static final String POLICY_POLLS = "postern_kms_calls_seconds_count{operation=\"read-set\","
            + "outcome=\"success\",service=\"redaction-service\"}";
    private static final PlatformService ROTATION = PlatformService.ROTATION;
    private static final List<PlatformService> KEY_HOLDERS =
            List.of(ROTATION, PlatformService.AUDIT, PlatformService.TOKEN, PlatformService.REDACTION);

    @TempDir
    static Path directory;

    private static VaultForTests vault;
    private static PlatformSettings settings;
    private static Platform platform;
    private static PlatformHttp operator;
    private static PlatformHttp anyone;
    private static TokenClient tokens;

    @BeforeAll
    static void start() throws Exception {
        VaultForTests.Tls tls = VaultForTests.Tls.selfSigned(directory.resolve("tls"));
        vault = VaultForTests.startOrSkip(Files.createDirectories(directory.resolve("vault")), tls);
        vault.setUp(Map.of());
        PosternHome home = new PosternHome(directory.resolve("home"));
        new HomePreparation(home, new SecureRandom()).run();
        Kms kms = VaultAdmission.of(Map.of(
                        "VAULT_ADDR", vault.uri().toString(),
                        "VAULT_TOKEN", vault.rootToken(),
                        "VAULT_CACERT", tls.authority().toString()))
                .admit(home);
        settings = new PlatformSettings(
                new Checkout(ProjectFiles.root()),
                home,
                new Ports(PORT_OFFSET),
                Heaps.usual(),
                Upstream.SIMULATOR,
                kms,
                Map.of(
                        "POSTERN_KMS_VAULT_PROBE", "500ms",
                        "POSTERN_ROTATION_ELECTION", "lease",
                        "POSTERN_ROTATION_LEASE", "2s"),
                Duration.ofMinutes(3));
        platform = new Platform(settings, new SecureRandom(), Clock.systemUTC(), new Progress(System.err));
        platform.up();
        SSLContext trusting = PemIdentity.trusting(home.caCertificate());
        operator = new PlatformHttp(new Operator(home).tls());
        anyone = new PlatformHttp(trusting);
        tokens = new TokenClient(settings.ports().endpoint(PlatformService.TOKEN), trusting, Clock.systemUTC());
    }

    /// What there is: nothing where the class was skipped.
    @AfterAll
    static void stop() throws Exception {
        if (tokens != null) {
            tokens.close();
            anyone.close();
            operator.close();
        }
        if (platform != null) {
            platform.down();
        }
        if (vault != null) {
            vault.close();
        }
    }

    @Test
    void keysAndAuthorityAreTheVaultsAndRequestsCauseNoCall() throws Exception {
        assertThat(Files.readString(settings.home().caCertificate()).replaceAll("\\s", ""))
                .isEqualTo(vault.api("GET", "pki/cert/ca", Map.of())
                        .path("data")
                        .path("certificate")
                        .asString()
                        .replaceAll("\\s", ""));
        for (PlatformService service : KEY_HOLDERS) {
            assertThat(settings.home().data(service.artifact()).resolve("keyset.json"))
                    .doesNotExist();
            Edge.await(service + " says that the Vault is there", () -> available(service) == 1);
        }
        Edge.await("chats are served", () -> chat(token()) == 200);
        Edge.await(
                "the pseudonyms' spare is kept",
                () -> !ledger().kids("pseudonym", "PREPARED").isEmpty());
        Edge.await(
                "so is that of the audit log",
                () -> !ledger().kids("audit-epoch", "PREPARED").isEmpty());
        Map<String, Long> calls = calls();
        assertThat(calls).as("calls at the start are counted").isNotEmpty();
        long polls = Objects.requireNonNull(calls.remove(POLICY_POLLS));
        long began = System.nanoTime();

        for (int i = 0; i < REQUESTS; i++) {
            assertThat(chat(token())).isEqualTo(200);
        }

        Map<String, Long> after = calls();
        long more = Objects.requireNonNull(after.remove(POLICY_POLLS)) - polls;
        assertThat(after).isEqualTo(calls);
        // A replica looks for changed policies by the clock, whoever asks for what.
        assertThat(more)
                .isLessThanOrEqualTo(Duration.ofNanos(System.nanoTime() - began).dividedBy(POLICY_POLL) + 1);
    }

    @Test
    void platformWhenTheVaultIsSealedGoesOnSaysSoAndRecovers() throws Exception {
        vault.seal();
        try {
            requireDegraded("sealed");
            // Keys that are born in their processes want no Vault.
            rotates("token-signing");
            rotates("relay-hpke");
            assertThat(chat(token())).isEqualTo(200);
        } finally {
            vault.unseal();
        }
        requireRecovered();
    }

    @Test
    void platformWhenTheVaultIsStoppedGoesOnSaysSoAndRecoversWithItsNextStart() throws Exception {
        vault.stop();
        try {
            requireDegraded("unavailable");
            assertThat(chat(token())).isEqualTo(200);
        } finally {
            vault.startAgain();
            vault.unseal();
        }
        requireRecovered();
        // The root that comes after is wrapped by the Vault that is back.
        rotates("pseudonym");
        assertThat(chat(token())).isEqualTo(200);
    }

    private static void requireDegraded(String reason) throws InterruptedException {
        for (PlatformService service : KEY_HOLDERS) {
            Edge.await(service + " says that the Vault is not there", () -> available(service) == 0);
            JsonNode health = health(service, "kms");
            assertThat(health.path("status").asString(""))
                    .as(service.artifact())
                    .isEqualTo("DEGRADED");
            assertThat(health.path("details").path("reason").asString(""))
                    .as(service.artifact())
                    .isEqualTo(reason);
            assertThat(health(service, "readiness").path("status").asString(""))
                    .as(service.artifact())
                    .isEqualTo("UP");
        }
        assertThat(chat(token())).isEqualTo(200);
    }

    private static void requireRecovered() throws InterruptedException {
        for (PlatformService service : KEY_HOLDERS) {
            Edge.await(service + " says that the Vault is back", () -> available(service) == 1);
        }
        assertThat(chat(token())).isEqualTo(200);
    }

    private static void rotates(String keyClass) throws InterruptedException {
        Edge.await(
                "a spare of " + keyClass,
                () -> !ledger().kids(keyClass, "PREPARED").isEmpty());
        Set<String> before = ledger().kids(keyClass, "ACTIVE");
        var _ = ledger().rotate(keyClass, Optional.empty());
        assertThat(ledger().kids(keyClass, "ACTIVE")).isNotEmpty().doesNotContainAnyElementsOf(before);
    }

    private static KeyLedger ledger() {
        return new KeyLedger(operator, settings.ports().endpoint(ROTATION));
    }

    private static String token() throws InterruptedException {
        return tokens.fetch(
                TokenRequest.of(new ClientKeys(settings.home(), "demo"), "llm:invoke", TokenRequest.GATEWAY));
    }

    private static int chat(String token) throws InterruptedException {
        ChatRequests requests = new ChatRequests(settings.ports().endpoint(PlatformService.GATEWAY));
        try {
            return anyone.send(ChatRequests.bearing(
                            token, requests.whole(ChatRequests.SMALL, "Write to " + Canary.EMAIL + ".")))
                    .statusCode();
        } catch (Failure _) {
            return 0;
        }
    }

    private static double available(PlatformService service) throws InterruptedException {
        return metrics(service).sum("postern_kms_available", "");
    }

    /// By service, operation and outcome.
    private static Map<String, Long> calls() throws InterruptedException {
        Map<String, Long> calls = new TreeMap<>();
        for (PlatformService service : KEY_HOLDERS) {
            operator.text(settings.ports().managementEndpoint(service).resolve("/actuator/prometheus"))
                    .lines()
                    .filter(line -> line.startsWith("postern_kms_calls_seconds_count"))
                    .map(line -> line.split(" ", 2))
                    .forEach(line -> calls.put(line[0], (long) Double.parseDouble(line[1])));
        }
        return calls;
    }

    private static MetricsSnapshot metrics(PlatformService service) throws InterruptedException {
        return MetricsSnapshot.parse(
                operator.text(settings.ports().managementEndpoint(service).resolve("/actuator/prometheus")));
    }

    /// Whatever its status: Boot answers 503 for some.
    private static JsonNode health(PlatformService service, String part) throws InterruptedException {
        return Edge.JSON.readTree(operator.send(PlatformHttp.request(
                        settings.ports().managementEndpoint(service).resolve("/actuator/health/" + part)))
                .body());
    }
}

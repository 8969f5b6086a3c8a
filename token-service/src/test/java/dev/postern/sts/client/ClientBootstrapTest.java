package dev.postern.sts.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.AuditSettings;
import dev.postern.audit.AuditTrail;
import dev.postern.sts.TestDatabase;
import dev.postern.test.MutableClock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClientBootstrapTest {
    private static final String SOURCE = "spiffe://postern.local/service/token-service";

    private final TestDatabase database = TestDatabase.create();
    private final ClientRegistry registry =
            new ClientRegistry(database.jdbc(), database.transactions(), database.seal(), MutableClock.atNoon());

    @TempDir
    private Path directory = Path.of("");

    @Test
    void startWhenAClientIsNoLongerNamedThenRemovedAndOnRecord() throws IOException {
        long first = start("[" + client("demo") + "," + client("other") + "]");
        assertThat(registry.names()).containsExactlyInAnyOrder("gateway-service", "demo", "other");
        long second = start("[" + client("demo") + "]");

        assertThat(registry.names()).containsExactlyInAnyOrder("gateway-service", "demo");
        assertThat(first).isEqualTo(3);
        assertThat(second).as("one removal").isEqualTo(1);
    }

    @Test
    void startWhenThereIsNoFileThenNobodyIsRemoved() throws IOException {
        var _ = start("[" + client("demo") + "]");
        Files.delete(file());
        assertThat(start()).isZero();
        assertThat(registry.names()).containsExactlyInAnyOrder("gateway-service", "demo");
    }

    @Test
    void startWhenAnAdministratorChangedOrDeletedThenTheFileDoesNotUndoIt() throws IOException {
        var _ = start("[" + client("demo") + "," + client("other") + "]");
        ClientRegistration demo = registry.find("demo").orElseThrow();
        registry.update(new ClientRegistration(
                demo.clientId(),
                demo.tenant(),
                demo.proof(),
                demo.scopes(),
                demo.audiences(),
                demo.policy(),
                ClientRegistration.Status.DISABLED,
                demo.version()));
        registry.delete("other", 1);

        assertThat(start()).isZero();
        assertThat(registry.find("demo").orElseThrow().isEnabled()).isFalse();
        assertThat(registry.names()).containsExactlyInAnyOrder("gateway-service", "demo");
        assertThat(start("[" + client("demo").replace("llm:invoke", "audit:read") + "]"))
                .as("the file itself changed")
                .isEqualTo(1);
        assertThat(registry.find("demo").orElseThrow().isEnabled()).isTrue();
    }

    @Test
    void startWhenAClientWasNeverInTheFileThenLeftAlone() throws IOException {
        registry.create(new ClientRegistration(
                "admins-own",
                "acme",
                new Proof.WorkloadCertificate(),
                Set.of("llm:invoke"),
                Set.of("urn:postern:gateway"),
                ClientPolicy.DEFAULT));
        var _ = start("[]");
        assertThat(registry.names()).containsExactlyInAnyOrder("gateway-service", "admins-own");
    }

    private Path file() {
        return directory.resolve("clients.json");
    }

    private static String client(String clientId) {
        return """
                {"client_id":"%s","tenant":"acme","auth":"workload","scopes":["llm:invoke"],
                  "audiences":["urn:postern:gateway"]}
                """.formatted(clientId);
    }

    private long start(String content) throws IOException {
        Files.writeString(file(), content);
        return start();
    }

    /// How many audit records the start left.
    private long start() throws IOException {
        try (AuditTrail trail = AuditTrail.open(
                new AuditSettings(
                        URI.create(SOURCE),
                        Files.createTempDirectory(directory, "spool"),
                        URI.create("https://localhost:1"),
                        1_000_000,
                        100_000,
                        Duration.ofSeconds(1),
                        AuditSettings.Retry.DEFAULT),
                HttpClient.newHttpClient(),
                Clock.systemUTC())) {
            new ClientBootstrap(
                            file(),
                            registry,
                            new BootstrapRecord(database.jdbc(), database.transactions()),
                            trail,
                            SOURCE)
                    .afterSingletonsInstantiated();
            return trail.state().appended();
        }
    }
}

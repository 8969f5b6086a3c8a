package dev.postern.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.admin.AdminClient;
import dev.postern.cli.admin.TemporaryClient;
import dev.postern.cli.edge.ChatRequests;
import dev.postern.cli.home.ClientDocument;
import dev.postern.system.SystemPlatform.Running;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The walk through `docs/audit.md`, "Archives with two persons", with the real commands on a running platform: a
/// prompt that was captured opens with two custodians, one after the other, and with fewer it does not.
@Order(38)
@ExtendWith(SystemPlatform.class)
@Timeout(value = 4, unit = TimeUnit.MINUTES)
@SuppressWarnings("NullAway.Init")
class TwoPersonsTest {
    private static final String QUESTION = "What did Ada Lovelace write to 020 7946 0958?";
    private static final Pattern APPROVE = Pattern.compile("audit approve (\\S+) --recipient (\\S+) ");

    private static final Pattern DIGEST = Pattern.compile("digest +(\\S+)");

    @TempDir
    Path directory;

    private Running platform;
    private PosternCommand postern;

    @Test
    void captureWhenTwoCustodiansApproveThenOpensForWhoAskedAndIsOnRecord(Running running) throws Exception {
        platform = running;
        postern = new PosternCommand(running.settings());
        try (AdminClient admin = platform.admin()) {
            walk(admin);
        }
    }

    private void walk(AdminClient admin) throws Exception {
        List<TemporaryClient> clients = new ArrayList<>();
        try {
            TemporaryClient investigator = register(admin, "investigator", clients);
            for (String name : Custodians.NAMES) {
                tokenFile(register(admin, name, clients));
            }
            Path token = tokenFile(investigator);
            Edge.await("a chat is served", () -> asked(investigator));
            Edge.await("what was asked is in the log", () -> capture(token).isPresent());

            opens(capture(token).orElseThrow());

            String decisions = run(
                    "decisions", "--custodians", Custodians.publicLines().toString(), "--token-file", token.toString());
            assertThat(decisions).contains("anna").contains("ben").doesNotContain("cleo");
        } finally {
            for (TemporaryClient client : clients) {
                client.remove();
            }
        }
    }

    private void opens(String capture) throws Exception {
        Path out = directory.resolve("bodies.jsonl");
        Process open = start(
                "open",
                "--token-file",
                directory.resolve("investigator.token").toString(),
                "--reason",
                "incident 7",
                "--out",
                out.toString(),
                "--custodians",
                Custodians.publicLines().toString(),
                capture);
        try {
            Matcher asked = awaitAsked(open);
            String digest = digest(asked.group(1));
            approve("anna", asked.group(1), "--digest", digest);
            assertThat(open.waitFor(3, TimeUnit.SECONDS))
                    .as("one is not enough")
                    .isFalse();
            assertThat(Files.size(out)).isZero();
            approve("ben", asked.group(1), "--recipient", asked.group(2));

            assertThat(open.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(open.exitValue()).isZero();
            assertThat(JsonMapper.shared()
                            .readTree(Files.readString(out))
                            .path("body")
                            .asString())
                    .contains(QUESTION);
        } finally {
            open.destroyForcibly();
        }
    }

    /// What whoever asks is told to tell the custodians.
    private static Matcher awaitAsked(Process open) {
        return open.errorReader(StandardCharsets.UTF_8)
                .lines()
                .map(APPROVE::matcher)
                .filter(Matcher::find)
                .findFirst()
                .orElseThrow(() -> new AssertionError("open ended without having asked"));
    }

    private String digest(String opening) throws Exception {
        String shown = run("openings", opening, "--token-file", token("anna").toString());
        assertThat(shown).contains("incident 7");
        Matcher digest = DIGEST.matcher(shown);
        assertThat(digest.find()).isTrue();
        return digest.group(1);
    }

    private void approve(String name, String opening, String... known) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "approve",
                opening,
                "--token-file",
                token(name).toString(),
                "--key",
                Custodians.key(name).toString()));
        arguments.addAll(Arrays.asList(known));
        run(arguments.toArray(String[]::new));
    }

    private static TemporaryClient register(AdminClient admin, String name, List<TemporaryClient> clients)
            throws InterruptedException {
        TemporaryClient client = TemporaryClient.register(
                admin, ClientDocument.application(name, Custodians.TENANT), new SecureRandom());
        clients.add(client);
        return client;
    }

    private Path tokenFile(TemporaryClient client) throws Exception {
        return Files.writeString(
                token(client.name()), platform.token(client.request("audit:read", "urn:postern:audit")));
    }

    private Path token(String name) {
        return directory.resolve(name + ".token");
    }

    private boolean asked(TemporaryClient client) throws InterruptedException {
        String token = platform.token(client.request("llm:invoke", "urn:postern:gateway"));
        return platform.anyone()
                        .send(ChatRequests.bearing(token, platform.chat().whole(ChatRequests.SMALL, QUESTION)))
                        .statusCode()
                == 200;
    }

    /// The newest prompt's.
    private Optional<String> capture(Path token) throws InterruptedException {
        JsonNode captures = JsonMapper.shared().readTree(run("captures", "--token-file", token.toString(), "--json"));
        return captures.valueStream()
                .filter(capture -> capture.path("tenant").asString().equals(Custodians.TENANT))
                .filter(capture -> capture.path("kind").asString().equals("request"))
                .map(capture -> capture.path("capture_id").asString())
                .findFirst();
    }

    private String run(String... arguments) throws InterruptedException {
        return postern.run(audit(arguments));
    }

    private Process start(String... arguments) {
        return postern.start(audit(arguments));
    }

    private static String[] audit(String... arguments) {
        List<String> command = new ArrayList<>(List.of("audit"));
        command.addAll(Arrays.asList(arguments));
        return command.toArray(String[]::new);
    }
}

package dev.postern.cli.admin.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.admin.AdminClient;
import dev.postern.cli.terminal.Failure;
import dev.postern.cli.token.FakeTokenService;
import dev.postern.test.MutableClock;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AdminCommandTest {
    @TempDir
    Path directory;

    private FakeTokenService service;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void start() throws Exception {
        service = new FakeTokenService(directory);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void listWhenAskedThenATable() {
        service.document("/clients?limit=200", """
                {"items":[{"client_id":"demo","tenant":"demo","status":"enabled","scopes":["llm:invoke","audit:read"]}]}""");

        assertThat(run("clients", "list")).isZero();
        assertThat(out.toString().lines())
                .satisfiesExactly(
                        heads -> assertThat(heads).startsWith("client id  tenant  status"),
                        row -> assertThat(row).contains("demo").contains("llm:invoke audit:read"));
    }

    @Test
    void listWhenJsonIsWantedThenTheWholeDocument() {
        service.document("/clients?limit=200", "{\"items\":[{\"client_id\":\"demo\",\"networks\":[]}]}");

        assertThat(run("clients", "list", "--json")).isZero();
        JsonNode document = new JsonMapper().readTree(out.toString());
        assertThat(document.path(0).has("networks")).isTrue();
    }

    @Test
    void disableWhenRunThenOnlyTheStatusChanges() {
        service.document("/clients/demo", "{\"client_id\":\"demo\",\"status\":\"enabled\",\"tenant\":\"demo\"}");

        assertThat(run("clients", "disable", "demo")).isZero();

        JsonNode sent = new JsonMapper()
                .readTree(
                        service.calls("PUT", "/admin/v1/clients/demo").getLast().body());
        assertThat(sent.path("status").asString()).isEqualTo("disabled");
        assertThat(sent.path("tenant").asString()).isEqualTo("demo");
        assertThat(out.toString()).isEqualToNormalizingNewlines("Client demo is disabled.\n");
    }

    @Test
    void publishWhenASecondApproverIsNeededThenSaysHowAndEndsWith8() throws Exception {
        Path policy = Files.writeString(directory.resolve("policy.json"), "{\"rules\":[]}");
        service.next(202, "{\"id\":\"a-1\"}");

        assertThat(run("policies", "publish", policy.toString(), "--outdate-tokens", "--if-match", "3"))
                .isEqualTo(8);
        assertThat(out.toString()).contains("./postern admin approvals approve a-1");
        assertThat(service.calls("POST", "/admin/v1/policies").getLast().body()).contains("\"minimum_epoch\":\"this\"");
    }

    @Test
    void publishWhenTheFileIsWhatWasShownThenInPlaceOfThatVersion() throws Exception {
        service.document("/policies/current", "{\"version\":4,\"author\":\"alice\",\"policy\":{\"rules\":[]}}");
        assertThat(run("policies", "show")).isZero();
        Path shown = Files.writeString(directory.resolve("policy.json"), out.toString());

        assertThat(run("policies", "publish", shown.toString())).isZero();
        assertThat(run("policies", "publish", shown.toString(), "--if-match", "7"))
                .isZero();

        assertThat(service.calls("POST", "/admin/v1/policies"))
                .filteredOn(call -> call.headers().get("Authorization") != null)
                .extracting(FakeTokenService.Call::body)
                .containsOnly("{\"rules\":[]}");
        assertThat(service.calls("POST", "/admin/v1/policies"))
                .extracting(call -> call.headers().get("If-Match"))
                .contains("\"4\"")
                .endsWith("\"7\"");
    }

    @Test
    void publishWhenNothingSaysWhichVersionThenInPlaceOfTheOneInForce() throws Exception {
        service.document("/policies/current", "{\"version\":1,\"policy\":{}}");
        Path policy = Files.writeString(directory.resolve("policy.json"), "{\"rules\":[]}");

        assertThat(run("policies", "publish", policy.toString())).isZero();
        assertThat(service.calls("POST", "/admin/v1/policies")
                        .getLast()
                        .headers()
                        .get("If-Match"))
                .isEqualTo("\"1\"");
    }

    @Test
    void keysWhenPutThenSentAsTheyAreShown() throws Exception {
        String path = "/clients/demo/keys";
        String jwks = "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"k-1\"}]}";
        service.document(path, "{\"auth\":\"private_key_jwt\",\"jwks\":" + jwks + "}");
        assertThat(run("clients", "keys", "demo")).isZero();
        assertThat(out.toString()).contains("k-1").contains("P-256");

        Path set = Files.writeString(directory.resolve("jwks.json"), jwks);
        assertThat(run("clients", "keys", "demo", "--put", set.toString())).isZero();
        assertThat(service.calls("PUT", "/admin/v1" + path).getLast().body()).isEqualTo("{\"jwks\":" + jwks + "}");

        Path shown = Files.writeString(
                directory.resolve("shown.json"), "{\"auth\":\"private_key_jwt\",\"jwks\":" + jwks + "}");
        assertThat(run("clients", "keys", "demo", "--put", shown.toString())).isZero();
        assertThat(service.calls("PUT", "/admin/v1" + path).getLast().body()).isEqualTo("{\"jwks\":" + jwks + "}");
    }

    @Test
    void whyWhenDeniedThenNamesTheRule() {
        service.document("/denials/r-1", """
                {"request_id":"r-1","policy_version":4,"explanation":{"allowed":false,"rule":"no-weekend","rules":[
                {"id":"no-weekend","effect":"deny","outcome":"matched","description":"Nobody works."}]}}""");

        assertThat(run("why", "r-1")).isZero();
        assertThat(out.toString())
                .contains("Denied by rule no-weekend, policy version 4.")
                .contains("matched  Nobody works.");
    }

    @Test
    void showWhenAbsentThenEndsWith4AndOneSentence() {
        assertThat(run("roles", "show", "nobody")).isEqualTo(4);
        assertThat(err.toString()).isEqualToNormalizingNewlines("There is no such thing: Nothing of that name.\n");
    }

    @Test
    void revokeWhenRunThenSent() {
        assertThat(run("revoke", "session", "s-1", "--reason", "drill")).isZero();
        assertThat(service.calls("POST", "/admin/v1/revocations").getLast().body())
                .isEqualTo("{\"kind\":\"session\",\"value\":\"s-1\",\"reason\":\"drill\"}");
    }

    @Test
    void helpWhenAskedThenEveryNounAnswers() {
        for (String noun : new CommandLine(new AdminCommand(_ -> connect()))
                .getSubcommands()
                .keySet()) {
            assertThat(run(noun, "--help")).as(noun).isZero();
        }
    }

    private int run(String... arguments) {
        return new CommandLine(new AdminCommand(_ -> connect()))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler((exception, line, _) -> {
                    if (exception instanceof Failure failure) {
                        line.getErr().println(failure.getMessage());
                        line.getErr().flush();
                        return failure.code().code();
                    }
                    throw exception;
                })
                .execute(arguments);
    }

    private AdminClient connect() {
        return new AdminClient(
                service.issuer(), service.tls(), service.client("security"), MutableClock.atNoon(), new SecureRandom());
    }
}

package dev.postern.cli.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import dev.postern.cli.token.FakeTokenService;
import dev.postern.test.MutableClock;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class AdminClientTest {
    private final JsonMapper json = new JsonMapper();
    private final MutableClock clock = MutableClock.atNoon();

    @TempDir
    Path directory;

    private FakeTokenService service;
    private AdminClient admin;

    @BeforeEach
    void start() throws Exception {
        service = new FakeTokenService(directory);
        admin = new AdminClient(service.issuer(), service.tls(), service.client("security"), clock, new SecureRandom());
    }

    @AfterEach
    void stop() {
        admin.close();
        service.close();
    }

    @Test
    void getWhenCalledThenProvesThePossessionOfTheTokensKey() throws Exception {
        service.document("/clients/demo", "{\"client_id\":\"demo\"}");

        AdminAnswer answer = admin.get("/clients/demo");

        FakeTokenService.Call call =
                service.calls("GET", "/admin/v1/clients/demo").getLast();
        assertThat(answer.body().path("client_id").asString()).isEqualTo("demo");
        assertThat(answer.etag()).isEqualTo("\"1\"");
        assertThat(call.headers().get("Authorization")).startsWith("DPoP token-");
        assertThat(call.proofClaim("htu")).isEqualTo(service.issuer() + "/admin/v1/clients/demo");
        assertThat(call.proofClaim("ath")).isNotEqualTo("null");
    }

    @Test
    void tokenWhenFreshThenUsedAgainAndWhenNearItsEndThenRenewed() throws Exception {
        service.document("/clients/demo", "{}");
        admin.get("/clients/demo");
        int asked = service.calls("POST", "/oauth2/token").size();

        admin.get("/clients/demo");
        assertThat(service.calls("POST", "/oauth2/token")).hasSize(asked);

        clock.advance(Duration.ofSeconds(290));
        admin.get("/clients/demo");
        assertThat(service.calls("POST", "/oauth2/token")).hasSize(asked + 1);
    }

    @Test
    void tokenWhenACallChangesThingsThenHasTheScopeOfThatCallOnly() throws Exception {
        admin.post("/revocations", json.createObjectNode());

        assertThat(service.calls("POST", "/oauth2/token").getLast().form())
                .containsEntry("scope", "admin:revoke")
                .containsEntry("resource", "urn:postern:admin");
    }

    @Test
    void changeWhenVersionIsReadThenWrittenUnderThatVersion() throws Exception {
        service.document("/clients/demo", "{\"client_id\":\"demo\",\"status\":\"enabled\"}");

        AdminAnswer answer = admin.change("/clients/demo", client -> client.put("status", "disabled"));

        assertThat(answer.body().path("version").asInt()).isEqualTo(2);
        assertThat(service.calls("PUT", "/admin/v1/clients/demo")
                        .getLast()
                        .headers()
                        .get("If-Match"))
                .isEqualTo("\"1\"");
    }

    @Test
    void putWhenAbsentThenOnlyCreates() throws Exception {
        admin.put("/roles/analyst", json.createObjectNode());

        assertThat(service.calls("PUT", "/admin/v1/roles/analyst")
                        .getLast()
                        .headers()
                        .get("If-None-Match"))
                .isEqualTo("*");
    }

    @Test
    void postWhenANonceIsWantedThenRepeatedUnderTheSameIdempotencyKey() throws Exception {
        admin.post("/policies", json.createObjectNode());

        List<FakeTokenService.Call> calls = service.calls("POST", "/admin/v1/policies");
        assertThat(calls).hasSize(2);
        assertThat(calls.get(0).headers().get("Idempotency-Key"))
                .isNotEmpty()
                .isEqualTo(calls.get(1).headers().get("Idempotency-Key"));
    }

    @Test
    void listWhenPagedThenAllItems() throws Exception {
        service.document("/clients?limit=200", "{\"items\":[{\"client_id\":\"a\"}],\"next\":\"a\"}");
        service.document("/clients?limit=200&after=a", "{\"items\":[{\"client_id\":\"b\"}]}");

        assertThat(admin.list("/clients")).hasSize(2);
    }

    @Test
    void refusalWhenVersionDiffersThenSaysWhatToDo() {
        service.document("/clients/demo", "{}");

        assertThatThrownBy(() -> admin.put("/clients/demo", json.createObjectNode(), "\"7\""))
                .isInstanceOf(Failure.class)
                .hasMessage("Somebody changed it meanwhile: The version differs. Look at it again, then repeat.")
                .satisfies(failure -> assertThat(((Failure) failure).code()).isEqualTo(ExitCode.CONFLICT));
    }

    @Test
    void refusalWhenPolicyHasFaultsThenNamesThem() {
        service.next(422, """
                {"title":"The policy set was refused.","code":"invalid","errors":[{"pointer":"/rules/0/when","detail":"Unknown name."}]}""");

        assertThatThrownBy(() -> admin.post("/policies", json.createObjectNode()))
                .hasMessage("It was refused: The policy set was refused. /rules/0/when Unknown name. Mend it.");
    }
}

package dev.postern.sts;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Revocations, and the sessions that administrators see and end.
final class AdminRevocationsTest extends AdminFixture {
    @Test
    void revocationWhenIssuedThenOnFeedOnRecordAndListed() throws Exception {
        String value = UUID.randomUUID().toString();
        HttpResponse<String> response = call(
                "POST",
                "/admin/v1/revocations",
                "{\"kind\":\"token\",\"value\":\"" + value + "\",\"reason\":\"key-lost\"}");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        assertThat(AdminPlatform.json(response).path("on_feed").booleanValue()).isTrue();
        assertThat(platform.event("dev.postern.revocation.issued", value).toString())
                .contains("security/alice");
        assertThat(call("GET", "/admin/v1/revocations?limit=200", "").body()).contains(value);
        String id = AdminPlatform.json(response).path("id").stringValue("");
        assertThat(call("GET", "/admin/v1/revocations/" + id, "").body()).contains(value);
    }

    @Test
    void revocationWhenOfASubjectThenTheRecordDoesNotName() throws Exception {
        call(
                "POST",
                "/admin/v1/revocations",
                "{\"kind\":\"subject\",\"value\":\"jane.doe@example.com\",\"reason\":\"left\"}");
        assertThat(platform.event("dev.postern.revocation.issued", "\"left\"").toString())
                .contains("sha256:")
                .doesNotContain("jane");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"kind\":\"everything\",\"value\":\"x\",\"reason\":\"r\"}",
                "{\"kind\":\"token\",\"reason\":\"r\"}",
                "{\"kind\":\"token\",\"value\":\"a b\",\"reason\":\"r\"}",
                "{\"kind\":\"token\",\"value\":\"x\",\"reason\":\"Free text!\"}",
                "{\"kind\":\"token\",\"value\":\"x\",\"reason\":\"r\",\"until\":\"never\"}"
            })
    void revocationWhenADocumentIsWrongThenRefused(String document) throws Exception {
        assertProblem(call("POST", "/admin/v1/revocations", document), 422, "invalid");
    }

    @Test
    void sessionsWhenReplicasReportThemThenListedFilteredInspectedAndKilled() throws Exception {
        platform.redis.sync().set("postern:sessions:gateway-1", """
                [{"sid":"s-1","client":"demo","tenant":"acme","subject":"demo","token_id":"t-1","kind":"http-stream",
                  "operation":"/v1/chat/completions","started":"2026-11-25T03:00:00Z","replica":"gateway-1"},
                 {"sid":"s-2","client":"other","tenant":"beta","subject":"x","token_id":"t-2","kind":"request",
                  "operation":"/v1/models","started":"2026-11-25T03:00:00Z","replica":"gateway-1"}]
                """);
        platform.redis.sync().set("postern:sessions:relay-1", """
                [{"sid":"s-1","client":"demo","tenant":"acme","subject":"demo","token_id":"t-3","kind":"sealed",
                  "operation":"ssp1","started":"2026-11-25T03:00:00Z","replica":"relay-1"}]
                """);
        platform.redis.sync().set("postern:sessions:broken", "nonsense");
        JsonNode all = AdminPlatform.json(call("GET", "/admin/v1/sessions", ""));
        assertThat(all.path("items").size()).isEqualTo(3);
        assertThat(all.path("complete").booleanValue()).isFalse();
        platform.redis.sync().del("postern:sessions:broken");
        assertThat(AdminPlatform.json(call("GET", "/admin/v1/sessions?client=demo&tenant=acme", ""))
                        .path("items")
                        .size())
                .isEqualTo(2);
        JsonNode page = AdminPlatform.json(call("GET", "/admin/v1/sessions?limit=2", ""));
        assertThat(AdminPlatform.json(call(
                                "GET",
                                "/admin/v1/sessions?after=" + page.path("next").stringValue(""),
                                ""))
                        .path("items")
                        .size())
                .isEqualTo(1);
        assertThat(AdminPlatform.json(call("GET", "/admin/v1/sessions/s-1", ""))
                        .path("parts")
                        .size())
                .isEqualTo(2);
        assertProblem(call("GET", "/admin/v1/sessions/s-9", ""), 404, "not-found");
        HttpResponse<String> killed = call("DELETE", "/admin/v1/sessions/s-1", "");
        assertThat(AdminPlatform.json(killed).path("kind").stringValue("")).isEqualTo("session");
    }
}

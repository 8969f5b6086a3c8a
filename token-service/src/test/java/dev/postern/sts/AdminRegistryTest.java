package dev.postern.sts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Clients and their keys, scopes and issuers.
final class AdminRegistryTest extends AdminFixture {
    @Test
    void clientWhenCreatedChangedAndRemovedThenEachVersionCounts() throws Exception {
        String path = "/admin/v1/clients/" + name();
        assertProblem(call("PUT", path, client("llm:invoke")), 428, "precondition-required");
        assertProblem(call("PUT", path, client("llm:invoke"), "If-Match", "\"1\""), 404, "not-found");
        HttpResponse<String> created = call("PUT", path, client("llm:invoke"), "If-None-Match", "*");
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        assertThat(created.headers().firstValue("ETag")).contains("\"1\"");
        assertProblem(call("PUT", path, client("llm:invoke"), "If-None-Match", "*"), 412, "precondition-failed");
        HttpResponse<String> changed = call("PUT", path, client("llm:invoke", "audit:read"), "If-Match", "\"1\"");
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        assertThat(changed.headers().firstValue("ETag")).contains("\"2\"");
        assertProblem(call("PUT", path, client("llm:invoke"), "If-Match", "\"1\""), 412, "precondition-failed");
        assertProblem(call("DELETE", path, "", "If-Match", "\"1\""), 412, "precondition-failed");
        assertProblem(call("DELETE", path, ""), 428, "precondition-required");
        assertThat(call("DELETE", path, "", "If-Match", "\"2\"").statusCode()).isEqualTo(204);
        assertProblem(call("GET", path, ""), 404, "not-found");
    }

    @Test
    void clientWhenChangedThenOnRecordWithItsActor() throws Exception {
        String name = name();
        call("PUT", "/admin/v1/clients/" + name, client("llm:invoke"), "If-None-Match", "*");
        assertThat(platform.event("dev.postern.admin.changed", "client-created", name)
                        .toString())
                .contains("\"security/alice\"");
    }

    @Test
    void clientWhenNarrowedDisabledOrRemovedThenItsLiveTokensAreRevoked() throws Exception {
        String name = name();
        String path = "/admin/v1/clients/" + name;
        call("PUT", path, client("llm:invoke", "audit:read"), "If-None-Match", "*");
        assertThat(revocationsOf(name)).isEmpty();
        call("PUT", path, client("llm:invoke", "audit:read", "redaction:redact"), "If-Match", "\"1\"");
        assertThat(revocationsOf(name)).isEmpty();
        call("PUT", path, client("llm:invoke"), "If-Match", "\"2\"");
        assertThat(revocationsOf(name)).containsExactly("client-narrowed");
        String disabled = client("llm:invoke").replaceFirst("\\{", "{\"status\":\"disabled\",");
        assertThat(call("PUT", path, disabled, "If-Match", "\"3\"").statusCode())
                .isEqualTo(200);
        assertThat(revocationsOf(name)).hasSize(2);
        call("DELETE", path, "", "If-Match", "\"4\"");
        assertThat(revocationsOf(name)).hasSize(3).contains("client-removed");
        assertThat(platform.event("dev.postern.revocation.issued", "client-narrowed", name))
                .isNotNull();
    }

    @Test
    void keysWhenOneIsAddedAndOneTakenThenOnlyTheTakingRevokes() throws Exception {
        String name = name();
        String path = "/admin/v1/clients/" + name;
        TestClientKey first = TestClientKey.generate("first");
        TestClientKey second = TestClientKey.generate("second");
        call("PUT", path, client(first, "llm:invoke"), "If-None-Match", "*");
        String both = "{\"keys\":[%s,%s]}"
                .formatted(first.key().toPublicJWK(), second.key().toPublicJWK());
        assertThat(call("PUT", path + "/keys", "{\"jwks\":" + both + "}", "If-Match", "\"1\"")
                        .statusCode())
                .isEqualTo(200);
        assertThat(revocationsOf(name)).isEmpty();
        assertThat(AdminPlatform.json(call("GET", path + "/keys", ""))
                        .path("jwks")
                        .path("keys")
                        .size())
                .isEqualTo(2);
        call("PUT", path + "/keys", "{\"jwks\":" + second.jwks() + "}", "If-Match", "\"2\"");
        assertThat(revocationsOf(name)).containsExactly("client-key-removed");
        String secret = new com.nimbusds.jose.jwk.JWKSet(second.key()).toString(false);
        assertProblem(call("PUT", path + "/keys", "{\"jwks\":" + secret + "}", "If-Match", "\"3\""), 422, "invalid");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"unknown\":1}|/",
                "{\"auth\":\"client_secret_basic\"}|/auth",
                "{\"scopes\":[\"no:such\"]}|/scopes",
                "{\"scopes\":[\"llm:delegate\"]}|/scopes",
                "{\"scopes\":\"llm:invoke\"}|/scopes",
                "{\"client_id\":\"another\"}|/client_id",
                "{\"networks\":[\"10.0.0.1/8\"]}|/networks",
                "{\"token_lifetime_s\":3600}|/token_lifetime_s",
                "{\"bindings\":[\"none\"]}|/bindings"
            })
    void clientWhenADocumentsMemberIsWrongThenItIsNamed(String wrong, String pointer) throws Exception {
        ObjectNode document = (ObjectNode) AdminPlatform.JSON.readTree(client("llm:invoke"));
        document.setAll((ObjectNode) AdminPlatform.JSON.readTree(wrong));
        HttpResponse<String> response =
                call("PUT", "/admin/v1/clients/" + name(), document.toString(), "If-None-Match", "*");
        assertProblem(response, 422, "invalid");
        assertThat(AdminPlatform.json(response)
                                .path("errors")
                                .path(0)
                                .path("pointer")
                                .stringValue("") + "/")
                .startsWith(pointer);
    }

    @Test
    void clientWhenItHasASecretThenDisabledWithoutTellingIt() throws Exception {
        ObjectNode document = (ObjectNode) AdminPlatform.json(call("GET", "/admin/v1/clients/secret", ""));
        assertThat(document.toString()).doesNotContain("$2a$");
        String version = "\"" + document.path("version").asLong() + "\"";
        HttpResponse<String> disabled = call(
                "PUT",
                "/admin/v1/clients/secret",
                document.put("status", "disabled").toString(),
                "If-Match",
                version);
        assertThat(disabled.statusCode()).as(disabled.body()).isEqualTo(200);
        assertThat(disabled.body()).contains("\"disabled\"").doesNotContain("$2a$");
        // Nobody gets a secret here who has none.
        String other = client("llm:invoke").replace("private_key_jwt", "client_secret_basic");
        assertProblem(call("PUT", "/admin/v1/clients/" + name(), other, "If-None-Match", "*"), 422, "invalid");
    }

    @Test
    void scopeWhenMadeHeldAndRemovedThenInUseProtectsIt() throws Exception {
        String path = "/admin/v1/scopes/reports:" + name().toLowerCase(java.util.Locale.ROOT);
        String scope = path.substring(path.lastIndexOf('/') + 1);
        assertThat(call("PUT", path, "{\"description\":\"Ask the reports.\"}", "If-None-Match", "*")
                        .statusCode())
                .isEqualTo(201);
        String client = "/admin/v1/clients/" + name();
        call("PUT", client, client(scope), "If-None-Match", "*");
        assertProblem(call("DELETE", path, "", "If-Match", "\"1\""), 409, "in-use");
        call("DELETE", client, "", "If-Match", "\"1\"");
        assertThat(call("DELETE", path, "", "If-Match", "\"1\"").statusCode()).isEqualTo(204);
        assertProblem(call("DELETE", "/admin/v1/scopes/llm:invoke", "", "If-Match", "\"1\""), 409, "built-in");
        assertProblem(
                call("PUT", "/admin/v1/scopes/admin:all", "{\"description\":\"x\"}", "If-None-Match", "*"),
                409,
                "reserved");
        assertThat(AdminPlatform.json(call("GET", "/admin/v1/scopes", ""))
                        .path("items")
                        .size())
                .isGreaterThan(10);
    }

    @Test
    void issuerWhenMadeChangedAndRemovedThenListed() throws Exception {
        String path = "/admin/v1/issuers/" + name();
        String issuer = """
                {"issuer":"https://%s.example","type":"oidc","jwks_uri":"https://idp.example/jwks",
                 "audience":"https://localhost:8543","algorithms":["RS256"],"subject_pattern":"user-*",
                 "scopes":["llm:invoke"],"audiences":["urn:postern:gateway"],"tenant":"acme","client_ids":["demo"]}
                """.formatted(name());
        HttpResponse<String> created = call("PUT", path, issuer, "If-None-Match", "*");
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        assertThat(call("PUT", path, issuer.replace("RS256", "ES256"), "If-Match", "\"1\"")
                        .headers()
                        .firstValue("ETag"))
                .contains("\"2\"");
        assertThat(AdminPlatform.json(call("GET", path, ""))
                        .path("algorithms")
                        .path(0)
                        .stringValue(""))
                .isEqualTo("ES256");
        assertProblem(call("PUT", "/admin/v1/issuers/" + name(), issuer, "If-None-Match", "*"), 422, "invalid");
        for (String wrong : List.of(
                issuer.replace("RS256", "none"),
                issuer.replace("https://idp.example/jwks", "http://idp.example/jwks"),
                issuer.replace("user-*", "*"),
                issuer.replace("llm:invoke", "admin:read"),
                issuer.replace("\"client_ids\":[\"demo\"]", "\"client_ids\":[]"),
                issuer.replace("\"oidc\"", "\"saml\""))) {
            assertProblem(call("PUT", path, wrong, "If-Match", "\"2\""), 422, "invalid");
        }
        assertThat(call("GET", "/admin/v1/issuers", "").body()).contains("user-*");
        assertThat(call("DELETE", path, "", "If-Match", "\"2\"").statusCode()).isEqualTo(204);
    }

    private List<String> revocationsOf(String client) throws IOException, InterruptedException {
        List<String> reasons = new java.util.ArrayList<>();
        for (JsonNode item : AdminPlatform.json(call("GET", "/admin/v1/revocations?limit=200", ""))
                .path("items")) {
            if (item.path("value").stringValue("").equals(client)) {
                reasons.add(item.path("reason").stringValue(""));
            }
        }
        return reasons;
    }
}

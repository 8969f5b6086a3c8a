package dev.postern.sts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.kms.envelope.KeyRing;
import dev.postern.sts.AdminPlatform.Agent;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What the administration does.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class AdminApiTest extends AdminFixture {

    // The registry's keys

    @Test
    void writeWhenNothingCanBeSealedThen503ThatSaysWhatToDoAndTokensAndReadsGoOn() throws Exception {
        String path = "/admin/v1/clients/" + name();
        String revocation = "{\"kind\":\"client\",\"value\":\"" + name() + "\",\"reason\":\"key-lost\"}";
        platform.sealing.advance(KeyRing.SEALS_FOR.plusSeconds(1));
        try {
            HttpResponse<String> refused = call("PUT", path, client("llm:invoke"), "If-None-Match", "*");
            assertProblem(refused, 503, "registry-keys-unavailable");
            assertThat(AdminPlatform.json(refused).path("title").stringValue(""))
                    .contains("see to key management", "send the request again");
            assertProblem(call("POST", "/admin/v1/revocations", revocation), 503, "registry-keys-unavailable");
            assertProblem(
                    call("POST", "/admin/v1/revocations", revocation, "Idempotency-Key", name()),
                    503,
                    "registry-keys-unavailable");
            assertThat(call("GET", "/admin/v1/clients/demo", "").statusCode()).isEqualTo(200);
            HttpResponse<String> issued = platform.form(
                    "demo",
                    platform.demoKey,
                    "/oauth2/token",
                    Map.of(
                            "grant_type", "client_credentials",
                            "scope", "llm:invoke",
                            "resource", "urn:postern:gateway"));
            assertThat(issued.statusCode()).as(issued.body()).isEqualTo(200);
        } finally {
            platform.service.getBean(KeyRing.class).refresh();
        }
        assertThat(call("PUT", path, client("llm:invoke"), "If-None-Match", "*").statusCode())
                .isEqualTo(201);
    }

    // The description

    @Test
    void descriptionWhenComparedWithTheServiceThenSameAddresses() {
        Set<String> served = new TreeSet<>();
        platform.service
                .getBeansOfType(RequestMappingHandlerMapping.class)
                .values()
                .forEach(mapping -> mapping.getHandlerMethods()
                        .keySet()
                        .forEach(info -> info.getPatternValues()
                                .forEach(pattern -> info.getMethodsCondition()
                                        .getMethods()
                                        .forEach(method -> served.add(method + " " + pattern)))));
        assertThat(description.operations())
                .isEqualTo(served.stream()
                        .filter(operation -> operation.contains(" /admin/"))
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void descriptionWhenExamplesAreCheckedThenInOrder() {
        assertThat(description.problemsOfExamples()).isEmpty();
    }

    @Test
    void descriptionWhenReadThenNeedsNoToken() throws Exception {
        HttpResponse<String> response = platform.send("GET", "/admin/v1/openapi.json", "");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(AdminPlatform.json(response).path("openapi").stringValue("")).isEqualTo("3.1.0");
    }

    // Clients

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

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"tenant\":\"a\",\"tenant\":\"b\"}", "[]", "{", "{} {}", "null", "\"text\"", "{\"a\":01}"})
    void bodyWhenItIsNoStrictObjectThenRefused(String body) throws Exception {
        assertProblem(call("PUT", "/admin/v1/clients/x", body, "If-None-Match", "*"), 400, "malformed");
    }

    @Test
    void bodyWhenItIsHugeOrNotJsonThenRefused() throws Exception {
        String huge = "{\"description\":\"" + "x".repeat(300_000) + "\"}";
        assertProblem(call("PUT", "/admin/v1/scopes/x:y", huge, "If-None-Match", "*"), 413, "too-large");
        assertProblem(
                call("PUT", "/admin/v1/scopes/x:y", "{}", "If-None-Match", "*", "Content-Type", "text/plain"),
                415,
                "unsupported-media-type");
        String deep = "[".repeat(100) + "]".repeat(100);
        assertProblem(
                call("PUT", "/admin/v1/scopes/x:y", "{\"a\":" + deep + "}", "If-None-Match", "*"), 400, "malformed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "W/\"1\"", "\"x\"", "*", "\"1\", \"2\"", "\"0\""})
    void conditionWhenItIsNoVersionThenRefused(String tag) throws Exception {
        assertProblem(call("PUT", "/admin/v1/clients/demo", client("llm:invoke"), "If-Match", tag), 400, "malformed");
    }

    @Test
    void listWhenPagedThenEachOnceAndInOrder() throws Exception {
        String prefix = "page-" + name();
        for (int i = 0; i < 5; i++) {
            call("PUT", "/admin/v1/clients/" + prefix + i, client("llm:invoke"), "If-None-Match", "*");
        }
        Set<String> seen = new TreeSet<>();
        String next = "";
        int pages = 0;
        do {
            JsonNode page = AdminPlatform.json(
                    call("GET", "/admin/v1/clients?limit=2" + (next.isEmpty() ? "" : "&after=" + next), ""));
            assertThat(page.path("items").size()).isLessThanOrEqualTo(2);
            for (JsonNode item : page.path("items")) {
                assertThat(seen.add(item.path("client_id").stringValue(""))).isTrue();
            }
            next = page.path("next").stringValue("");
            pages++;
        } while (!next.isEmpty());
        assertThat(seen).contains("demo", "gateway-service", prefix + 0, prefix + 4);
        assertThat(pages).isGreaterThan(3);
        for (String query : List.of("limit=0", "limit=201", "limit=x", "after=%25", "other=1", "limit=1&limit=2")) {
            assertProblem(call("GET", "/admin/v1/clients?" + query, ""), 400, "malformed");
        }
    }

    // Scopes and issuers

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

    // Policy

    @Test
    void policyWhenPublishedThenInForceAndOnRecord() throws Exception {
        long before = epoch();
        String policy = """
                {"description":"Closed at night.","rules":[
                  {"id":"allow-all","effect":"allow","phases":["issue","session"],"when":"true"},
                  {"id":"night","effect":"deny","phases":["session"],"when":"now.hour < 6","description":"Closed."}]}
                """;
        HttpResponse<String> published = publish(policy);
        assertThat(published.statusCode()).as(published.body()).isEqualTo(201);
        assertThat(epoch()).isEqualTo(before + 1);
        assertThat(platform.event("dev.postern.policy.published", "security/alice", "\"epoch\":" + (before + 1)))
                .isNotNull();
        assertThat(call("GET", "/admin/v1/policies/" + before, "").statusCode()).isEqualTo(200);
        assertThat(AdminPlatform.json(call("GET", "/admin/v1/policies?limit=1", ""))
                        .path("items")
                        .path(0)
                        .path("version")
                        .asLong())
                .isEqualTo(before + 1);
        assertProblem(
                call("POST", "/admin/v1/policies", policy, "If-Match", "\"" + before + "\""),
                412,
                "precondition-failed");
        for (String other : List.of("0", "x", "99999", "-1")) {
            assertProblem(call("GET", "/admin/v1/policies/" + other, ""), 404, "not-found");
        }
    }

    @Test
    void policyWhenItLocksItsPublisherOutThenNeverPublished() throws Exception {
        long before = epoch();
        String policy = """
                {"rules":[{"id":"allow-all","effect":"allow","phases":["issue","session"],"when":"true"},
                  {"id":"no-admin","effect":"deny","phases":["issue"],"when":"%s"}]}
                """;
        HttpResponse<String> refused = publish(policy.formatted("token.use == 'admin'"));
        assertProblem(refused, 422, "invalid");
        assertThat(refused.body()).contains("locks you out").contains("no-admin");
        assertThat(epoch()).isEqualTo(before);
        assertThat(publish(policy.formatted("token.use == 'admin' && client.id != 'security'"))
                        .statusCode())
                .isEqualTo(201);
    }

    @Test
    void policyWhenThereIsNoConditionThenRefused() throws Exception {
        String policy = "{\"rules\":[{\"id\":\"a\",\"effect\":\"allow\",\"when\":\"true\"}]}";
        assertProblem(call("POST", "/admin/v1/policies", policy), 428, "precondition-required");
    }

    @Test
    void policyWhenItDoesNotCompileThenNeverPublished() throws Exception {
        long before = epoch();
        HttpResponse<String> refused = publish(
                "{\"rules\":[{\"id\":\"r\",\"effect\":\"deny\",\"phases\":[\"session\"],\"when\":\"no.such\"}]}");
        assertProblem(refused, 422, "invalid");
        assertThat(refused.body()).contains("/rules/0/when");
        assertProblem(publish("{\"surprise\":1}"), 422, "invalid");
        assertProblem(publish("{\"minimum_epoch\":\"all\"}"), 422, "invalid");
        assertThat(epoch()).isEqualTo(before);
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void policyWhenItDemandsNewTokensThenOldOnesAreOutdated() throws Exception {
        String token = platform.sign(platform.claims("demo", "urn:postern:gateway", "inference", "llm:invoke"));
        assertThat(introspect(token).path("active").booleanValue()).isTrue();
        String policy = "{\"minimum_epoch\":\"this\",\"rules\":[{\"id\":\"a\",\"effect\":\"allow\","
                + "\"phases\":[\"issue\",\"session\"],\"when\":\"true\"}]}";
        assertThat(publish(policy).statusCode()).isEqualTo(201);
        assertThat(introspect(token).path("active").booleanValue()).isFalse();
    }

    @Test
    void roleAndBudgetWhenChangedThenNextPolicyVersion() throws Exception {
        String role = "/admin/v1/roles/" + name();
        String budget = "/admin/v1/budgets/" + name();
        String roleDocument = "{\"scopes\":[\"llm:invoke\"],\"models\":[\"simulator-*\"],\"topics\":[]}";
        HttpResponse<String> created = call("PUT", role, roleDocument, "If-None-Match", "*");
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        assertProblem(call("PUT", role, roleDocument, "If-None-Match", "*"), 412, "precondition-failed");
        String limit = "{\"tenant\":\"acme\",\"client\":\"*\",\"model\":\"*\",\"requests_per_minute\":60}";
        HttpResponse<String> limited = call("PUT", budget, limit, "If-None-Match", "*");
        assertThat(limited.statusCode()).as(limited.body()).isEqualTo(201);
        String current = "\"" + epoch() + "\"";
        assertProblem(call("PUT", budget, limit.replace("60", "-1"), "If-Match", current), 422, "invalid");
        HttpResponse<String> wrong = call("PUT", role, "{\"surprise\":[]}", "If-Match", current);
        assertProblem(wrong, 422, "invalid");
        assertThat(wrong.body()).contains("\"/surprise\"");
        assertThat(AdminPlatform.json(call("GET", budget, ""))
                        .path("requests_per_minute")
                        .asInt())
                .isEqualTo(60);
        assertThat(call("GET", "/admin/v1/roles", "").body()).contains("simulator-*");
        assertThat(call("GET", "/admin/v1/budgets", "").body()).contains("requests_per_minute");
        assertThat(call("DELETE", role, "", "If-Match", current).statusCode()).isEqualTo(204);
        assertProblem(call("DELETE", budget, "", "If-Match", current), 412, "precondition-failed");
        assertThat(call("DELETE", budget, "", "If-Match", "\"" + epoch() + "\"").statusCode())
                .isEqualTo(204);
        assertProblem(call("GET", role, ""), 404, "not-found");
        assertProblem(call("GET", budget, ""), 404, "not-found");
    }

    @Test
    void effectiveWhenAClientHasRolesThenTheyNarrowIt() throws Exception {
        String role = name();
        call(
                "PUT",
                "/admin/v1/roles/" + role,
                "{\"scopes\":[\"llm:*\"],\"models\":[\"simulator-*\"],\"topics\":[\"orders.*\"]}",
                "If-None-Match",
                "*");
        String name = name();
        String document = client("llm:invoke", "audit:read").replaceFirst("\\{", "{\"roles\":[\"" + role + "\"],");
        assertThat(call("PUT", "/admin/v1/clients/" + name, document, "If-None-Match", "*")
                        .statusCode())
                .isEqualTo(201);
        JsonNode effective = AdminPlatform.json(call("GET", "/admin/v1/clients/" + name + "/effective", ""));
        assertThat(effective.path("scopes").toString()).isEqualTo("[\"llm:invoke\"]");
        assertThat(effective.path("models").toString()).isEqualTo("[\"simulator-*\"]");
        assertThat(effective.path("rules").size()).isPositive();
    }

    @Test
    void dryRunWhenFactsAreGivenThenExplainedWithoutEffect() throws Exception {
        long before = epoch();
        String request = """
                {"phase":"session","facts":{"now":"2026-11-25T03:00:00Z",
                 "client":{"id":"demo","tenant":"acme","sensitivity_clearance":"internal"}},
                 "policy":{"rules":[
                  {"id":"all","effect":"allow","phases":["session"],"when":"true"},
                  {"id":"night","effect":"deny","phases":["session"],"when":"now.hour < 6","description":"Closed."}]}}
                """;
        JsonNode night = AdminPlatform.json(call("POST", "/admin/v1/policies/dry-run", request));
        assertThat(night.path("allowed").booleanValue()).isFalse();
        assertThat(night.path("rule").stringValue("")).isEqualTo("night");
        assertThat(AdminPlatform.json(call("POST", "/admin/v1/policies/dry-run", request.replace("T03", "T13")))
                        .path("allowed")
                        .booleanValue())
                .isTrue();
        assertThat(epoch()).isEqualTo(before);
        for (String wrong : List.of(
                request.replace("\"session\",\"facts\"", "\"never\",\"facts\""),
                request.replace("\"client\":", "\"clients\":"),
                "{\"phase\":\"session\"}")) {
            assertProblem(call("POST", "/admin/v1/policies/dry-run", wrong), 422, "invalid");
        }
    }

    @Test
    void denialWhenTheGatewayKeptItThenExplainedByThePolicyOfThatTime() throws Exception {
        String policy = """
                {"rules":[{"id":"all","effect":"allow","phases":["issue","session"],"when":"true"},
                  {"id":"no-demo","effect":"deny","phases":["session"],"when":"client.id == 'demo'","description":"No."}]}
                """;
        long epoch = AdminPlatform.json(publish(policy)).path("version").asLong();
        publish(policy.replace("no-demo", "renamed"));
        platform.redis.sync().set("postern:denial:req-1", """
                        {"policy_version":%d,"phase":"session","rule":"no-demo",
                         "facts":{"now":"2026-11-25T03:00:00Z",
                          "client":{"id":"demo","tenant":"acme","sensitivity_clearance":"internal"}}}
                        """.formatted(epoch));
        HttpResponse<String> response = call("GET", "/admin/v1/denials/req-1", "");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(AdminPlatform.json(response).path("explanation").path("rule").stringValue(""))
                .isEqualTo("no-demo");
        platform.redis.sync().set("postern:denial:req-2", "nonsense");
        assertProblem(call("GET", "/admin/v1/denials/req-2", ""), 404, "not-found");
        assertProblem(call("GET", "/admin/v1/denials/req-3", ""), 404, "not-found");
    }

    // Revocations and sessions

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
    void idempotencyKeyWhenRepeatedThenSameAnswerAndDoneOnce() throws Exception {
        String value = UUID.randomUUID().toString();
        String document = "{\"kind\":\"token\",\"value\":\"" + value + "\",\"reason\":\"key-lost\"}";
        String key = UUID.randomUUID().toString();
        HttpResponse<String> first = call("POST", "/admin/v1/revocations", document, "Idempotency-Key", key);
        HttpResponse<String> again = call("POST", "/admin/v1/revocations", document, "Idempotency-Key", key);
        assertThat(again.statusCode()).isEqualTo(201);
        assertThat(AdminPlatform.json(again)).isEqualTo(AdminPlatform.json(first));
        assertProblem(
                call("POST", "/admin/v1/revocations", document.replace("lost", "gone"), "Idempotency-Key", key),
                422,
                "idempotency-key-reused");
        String body = call("GET", "/admin/v1/revocations?limit=200", "").body();
        assertThat(body.split(value, -1)).hasSize(2);
        Agent bob = platform.agent("security", "bob", "admin:revoke");
        assertThat(AdminPlatform.json(bob.call("POST", "/admin/v1/revocations", document, "Idempotency-Key", key))
                        .path("id"))
                .isNotEqualTo(AdminPlatform.json(first).path("id"));
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

    /// In place of the version in force.
    private HttpResponse<String> publish(String policy, String... headers) throws IOException, InterruptedException {
        String[] all = Stream.concat(Arrays.stream(headers), Stream.of("If-Match", "\"" + epoch() + "\""))
                .toArray(String[]::new);
        return call("POST", "/admin/v1/policies", policy, all);
    }

    private long epoch() throws IOException, InterruptedException {
        return AdminPlatform.json(call("GET", "/admin/v1/policies/current", ""))
                .path("version")
                .asLong();
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

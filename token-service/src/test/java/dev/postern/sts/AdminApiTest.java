package dev.postern.sts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.kms.envelope.KeyRing;
import dev.postern.sts.AdminPlatform.Agent;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

/// What holds for every call of the administration: its description, bodies, conditions, pages, and repetition.
final class AdminApiTest extends AdminFixture {
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
}

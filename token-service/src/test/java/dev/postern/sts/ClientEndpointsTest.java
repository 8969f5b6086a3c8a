package dev.postern.sts;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import dev.postern.sts.sealing.RegistrySeal;
import dev.postern.sts.sealing.SealedColumn;
import dev.postern.token.DirectoryKey;
import dev.postern.token.KeyDirectory;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// What clients and resource servers ask about tokens: RFC 7009, RFC 7662, RFC 9701.
final class ClientEndpointsTest extends AdminFixture {
    @Test
    void revokeWhenTheTokenIsTheClientsThenItsSessionEnds() throws Exception {
        String token = platform.sign(platform.claims("demo", "urn:postern:gateway", "inference", "llm:invoke"));
        assertThat(introspect(token).path("active").booleanValue()).isTrue();
        HttpResponse<String> response =
                platform.form("demo", platform.demoKey, "/oauth2/revoke", Map.of("token", token));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(introspect(token).path("active").booleanValue()).isFalse();
        assertThat(platform.event("dev.postern.revocation.issued", "given-up", "\"session\""))
                .isNotNull();
    }

    @Test
    void revokeWhenTheTokenWasExchangedThenItAloneEnds() throws Exception {
        String session = UUID.randomUUID().toString();
        String child = platform.sign(platform.claims("demo", "urn:postern:gateway", "inference", "llm:invoke")
                .claim("sid", session));
        String sibling = platform.sign(platform.claims("demo", "urn:postern:gateway", "inference", "llm:invoke")
                .claim("sid", session));
        platform.form("demo", platform.demoKey, "/oauth2/revoke", Map.of("token", child));
        assertThat(introspect(child).path("active").booleanValue()).isFalse();
        assertThat(introspect(sibling).path("active").booleanValue()).isTrue();
    }

    @Test
    void revokeWhenTheClientGaveUpTooManyThenLaterAndAdministratorsGoOn() throws Exception {
        JdbcClient database = platform.service.getBean(JdbcClient.class);
        database.sql("""
                        insert into revocation (id, kind, target, revoked_at, forget_at, reason, actor, actor_index)
                        select 'r-' || x, 'session', 'pe1.' || x, current_timestamp,
                               current_timestamp + interval '5' minute, 'given-up', 'pe1.x', :actor
                        from system_range(1, 5000)
                        """)
                .param(
                        "actor",
                        platform.service
                                .getBean(RegistrySeal.class)
                                .index(SealedColumn.REVOCATION_ACTOR)
                                .of("demo"))
                .update();
        try {
            String token = platform.sign(platform.claims("demo", "urn:postern:gateway", "inference", "llm:invoke"));
            HttpResponse<String> response =
                    platform.form("demo", platform.demoKey, "/oauth2/revoke", Map.of("token", token));
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.body()).isEqualTo("{\"error\":\"temporarily_unavailable\"}");
            assertThat(response.headers().firstValue("Retry-After")).contains("60");
            assertThat(introspect(token).path("active").booleanValue()).isTrue();
            String revocation = "{\"kind\":\"client\",\"value\":\"" + name() + "\",\"reason\":\"key-lost\"}";
            assertThat(call("POST", "/admin/v1/revocations", revocation).statusCode())
                    .isEqualTo(201);
        } finally {
            database.sql("delete from revocation where id like 'r-%'").update();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/oauth2/revoke", "/oauth2/introspect"})
    void clientEndpointWhenTheAddressIsNotTheClientsThenRefusedAndOnRecord(String path) throws Exception {
        HttpResponse<String> response = platform.form("boxed", platform.resourceKey, path, Map.of("token", "nonsense"));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(response.body()).isEqualTo("{\"error\":\"unauthorized_client\"}");
        assertThat(platform.event("dev.postern.token.refused", "\"address\"", "\"boxed\""))
                .isNotNull();
    }

    @Test
    void revokeWhenTheTokenIsAnothersOrNoneThenNothingHappensAndNothingIsTold() throws Exception {
        String others = platform.sign(platform.claims("other", "urn:postern:gateway", "inference", "llm:invoke"));
        for (String token : List.of(others, "x.y.z", "nonsense")) {
            HttpResponse<String> response = platform.form(
                    "demo", platform.demoKey, "/oauth2/revoke", Map.of("token", token, "token_type_hint", "x"));
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.body()).isEmpty();
        }
        assertThat(introspect(others).path("active").booleanValue()).isTrue();
        assertThat(platform.form("demo", platform.demoKey, "/oauth2/revoke", Map.of())
                        .statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/oauth2/revoke", "/oauth2/introspect"})
    void clientEndpointWhenNobodyIsAuthenticatedThenRefused(String path) throws Exception {
        String form = "token=x&client_id=demo";
        HttpResponse<String> response =
                platform.send("POST", path, form, "Content-Type", "application/x-www-form-urlencoded");
        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.body()).isEqualTo("{\"error\":\"invalid_client\"}");
        HttpResponse<String> forged =
                platform.form("demo", TestClientKey.generate("demo-1"), path, Map.of("token", "x"));
        assertThat(forged.statusCode()).isEqualTo(401);
    }

    @Test
    void introspectWhenTheCallerIsPermittedThenTheTokenIsDescribed() throws Exception {
        String token = platform.sign(platform.claims("demo", "urn:postern:gateway", "inference", "llm:invoke"));
        JsonNode answer = introspect(token);
        assertThat(answer.path("active").booleanValue()).isTrue();
        assertThat(answer.path("client_id").stringValue("")).isEqualTo("demo");
        assertThat(answer.path("scope").stringValue("")).isEqualTo("llm:invoke");
    }

    @Test
    void introspectWhenTheTokenIsNarrowedThenToldByWhat() throws Exception {
        String token = platform.sign(platform.claims("demo", "urn:postern:gateway", "capability", "llm:invoke")
                .claim("net", List.of("10.0.0.0/8"))
                .claim("uses", 3)
                .claim("roles", List.of("analyst"))
                .claim("clearance", "confidential")
                .claim("act", Map.of("sub", "agent", "act", Map.of("sub", "demo"))));
        JsonNode answer = introspect(token);
        assertThat(answer.path("active").booleanValue()).as(answer.toString()).isTrue();
        assertThat(answer.path("net").toString()).isEqualTo("[\"10.0.0.0/8\"]");
        assertThat(answer.path("uses").asInt()).isEqualTo(3);
        assertThat(answer.path("roles").toString()).isEqualTo("[\"analyst\"]");
        assertThat(answer.path("clearance").stringValue("")).isEqualTo("confidential");
        assertThat(answer.path("act").toString()).isEqualTo("{\"sub\":\"agent\",\"act\":{\"sub\":\"demo\"}}");
    }

    @Test
    void introspectWhenTheTokenIsNotTheCallersBusinessThenInactiveAndNoMore() throws Exception {
        String other = platform.sign(platform.claims("demo", "urn:postern:relay", "session", "llm:invoke"));
        String expired = platform.sign(platform.claims("demo", "urn:postern:gateway", "inference", "llm:invoke")
                .expirationTime(java.util.Date.from(platform.clock.instant().minusSeconds(600))));
        for (String token : List.of(other, expired, other + "x", "nonsense")) {
            assertThat(introspect(token).toString()).isEqualTo("{\"active\":false}");
        }
    }

    @Test
    void introspectWhenTheCallerIsNotPermittedThenRefused() throws Exception {
        HttpResponse<String> response =
                platform.form("demo", platform.demoKey, "/oauth2/introspect", Map.of("token", "x"));
        assertThat(response.statusCode()).isEqualTo(403);
        assertThat(response.body()).isEqualTo("{\"error\":\"access_denied\"}");
    }

    @Test
    void introspectWhenASignedAnswerIsWantedThenForTheCallerOnly() throws Exception {
        String token = platform.sign(platform.claims("demo", "urn:postern:gateway", "inference", "llm:invoke"));
        HttpResponse<String> response = platform.form(
                "resource",
                platform.resourceKey,
                "/oauth2/introspect",
                Map.of("token", token),
                "Accept",
                "application/token-introspection+jwt");
        assertThat(response.headers().firstValue("Content-Type").orElse(""))
                .startsWith("application/token-introspection+jwt");
        SignedJWT jwt = SignedJWT.parse(response.body());
        assertThat(jwt.getHeader().getType()).hasToString("token-introspection+jwt");
        assertThat(jwt.getJWTClaimsSet().getAudience()).containsExactly("resource");
        assertThat(jwt.getJWTClaimsSet().getIssuer()).isEqualTo(AdminPlatform.ISSUER);
        assertThat(jwt.getJWTClaimsSet().getJSONObjectClaim("token_introspection"))
                .containsEntry("active", true);
        DirectoryKey key = platform.service
                .getBean(KeyDirectory.class)
                .snapshot()
                .orElseThrow()
                .keys()
                .get(jwt.getHeader().getKeyID());
        assertThat(key).isNotNull();
        assertThat(jwt.verify(new com.nimbusds.jose.crypto.ECDSAVerifier(key.publicKey())))
                .isTrue();
    }
}

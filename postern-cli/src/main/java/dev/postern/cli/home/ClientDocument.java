package dev.postern.cli.home;

import com.nimbusds.jose.jwk.ECKey;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A client as the admin API shows it and as the first start registers it, but for its key.
///
/// @param bindings the ways its tokens may be bound; `bearer` stands for not at all
/// @param exchanges whether it may trade tokens it holds for narrower ones (RFC 8693)
/// @param tokenSeconds how long its tokens live, 300 at most
/// @param clearance the most sensitive data its requests may be labelled with
public record ClientDocument(
        String name,
        String tenant,
        List<String> scopes,
        List<String> audiences,
        List<String> bindings,
        boolean exchanges,
        int tokenSeconds,
        String clearance) {
    private static final int LONGEST_TOKEN = 300;

    public ClientDocument {
        scopes = List.copyOf(scopes);
        audiences = List.copyOf(audiences);
        bindings = List.copyOf(bindings);
    }

    /// An application that may use every binding, so that a first `curl` with a plain bearer token works and everything
    /// else can be tried.
    public static ClientDocument application(String name, String tenant) {
        return new ClientDocument(
                name,
                tenant,
                List.of(
                        "llm:invoke",
                        "topic:publish",
                        "topic:subscribe",
                        "redaction:analyze",
                        "redaction:redact",
                        "redaction:restore",
                        "audit:read",
                        "token:introspect"),
                audiences("gateway", "relay", "redaction", "audit"),
                List.of("dpop", "mtls", "bearer"),
                true,
                LONGEST_TOKEN,
                "confidential");
    }

    /// Someone of the security team.
    public static ClientDocument security(String name) {
        return new ClientDocument(
                name,
                "platform",
                List.of("admin:read", "admin:clients", "admin:policies", "admin:revoke", "admin:approve", "admin:keys"),
                audiences("admin", "rotation"),
                List.of("dpop"),
                false,
                LONGEST_TOKEN,
                "internal");
    }

    /// Someone who answers for what leaves a tenant: sees, tries and changes its redaction policy. With a plain bearer
    /// token, so that `curl` is enough; who may call at all is also told by the connection's certificate.
    public static ClientDocument guardian(String name, String tenant) {
        return new ClientDocument(
                name,
                tenant,
                List.of("redaction:policies", "redaction:analyze", "redaction:redact", "redaction:restore"),
                audiences("redaction"),
                List.of("dpop", "bearer"),
                false,
                LONGEST_TOKEN,
                "restricted");
    }

    /// The same client, allowed other scopes.
    public ClientDocument withScopes(String... others) {
        return new ClientDocument(
                name, tenant, List.of(others), audiences, bindings, exchanges, tokenSeconds, clearance);
    }

    /// The same client, with tokens of another life.
    public ClientDocument withTokensOf(int seconds) {
        return new ClientDocument(name, tenant, scopes, audiences, bindings, exchanges, seconds, clearance);
    }

    /// The whole document.
    ///
    /// @param key the client's signing key; only its public half is in the document
    public ObjectNode with(ECKey key) {
        JsonMapper json = new JsonMapper();
        ObjectNode client = json.createObjectNode()
                .put("client_id", name)
                .put("tenant", tenant)
                .put("auth", "private_key_jwt");
        client.putObject("jwks")
                .putArray("keys")
                .add(json.readTree(key.toPublicJWK().toJSONString()));
        add(client.putArray("scopes"), scopes);
        add(client.putArray("audiences"), audiences);
        add(client.putArray("bindings"), bindings);
        client.putArray("networks");
        client.putArray("roles");
        client.put("token_lifetime_s", tokenSeconds);
        client.putObject("exchange").put("allowed", exchanges).putArray("issuers");
        client.putArray("authorization_details");
        return client.put("sensitivity_clearance", clearance).put("status", "enabled");
    }

    private static void add(ArrayNode array, List<String> values) {
        values.forEach(array::add);
    }

    private static List<String> audiences(String... services) {
        return List.of(services).stream().map(name -> "urn:postern:" + name).toList();
    }
}

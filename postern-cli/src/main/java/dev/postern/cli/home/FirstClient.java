package dev.postern.cli.home;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A client that a new platform knows from its first start, as the admin API would show it.
///
/// @param bindings the ways its tokens may be bound; `bearer` stands for not at all
/// @param exchanges whether it may trade tokens it holds for narrower ones (RFC 8693)
/// @param clearance the most sensitive data its requests may be labelled with
record FirstClient(
        String name,
        String tenant,
        List<String> scopes,
        List<String> audiences,
        List<String> bindings,
        boolean exchanges,
        String clearance) {
    /// An application. It may use every binding, so that a first `curl` with a plain bearer token works and everything
    /// else can be tried.
    private static final FirstClient DEMO = new FirstClient(
            "demo",
            "demo",
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
            "confidential");

    static final List<FirstClient> ALL = List.of(DEMO, security("security"), security("security-2"));

    FirstClient {
        scopes = List.copyOf(scopes);
        audiences = List.copyOf(audiences);
        bindings = List.copyOf(bindings);
    }

    /// Someone of the security team. Two of them, because some changes want a second approver.
    private static FirstClient security(String name) {
        return new FirstClient(
                name,
                "platform",
                List.of("admin:read", "admin:clients", "admin:policies", "admin:revoke", "admin:approve", "admin:keys"),
                audiences("admin", "rotation"),
                List.of("dpop"),
                false,
                "internal");
    }

    /// @param publicKey the client's signing key, its public half
    ObjectNode registration(JsonNode publicKey) {
        ObjectNode client = new JsonMapper()
                .createObjectNode()
                .put("client_id", name)
                .put("tenant", tenant)
                .put("auth", "private_key_jwt");
        client.putObject("jwks").putArray("keys").add(publicKey);
        add(client.putArray("scopes"), scopes);
        add(client.putArray("audiences"), audiences);
        add(client.putArray("bindings"), bindings);
        client.putArray("networks");
        client.putArray("roles");
        client.put("token_lifetime_s", 300);
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

package dev.postern.policy;

import java.util.Arrays;
import java.util.Collection;
import java.util.OptionalLong;
import java.util.TreeSet;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes a policy set so that equal sets give equal texts.
final class PolicyWriter {

    private PolicyWriter() {}

    static String write(PolicySet set) {
        ObjectNode root = JsonCursor.JSON.createObjectNode();
        root.put("description", set.description());
        ObjectNode roles = root.putObject("roles");
        set.roles().forEach((name, role) -> write(role, roles.putObject(name)));
        ArrayNode rules = root.putArray("rules");
        set.rules().forEach(rule -> write(rule, rules.addObject()));
        ArrayNode limits = root.putArray("limits");
        set.limits().forEach(limit -> write(limit, limits.addObject()));
        ArrayNode prices = root.putArray("prices");
        set.prices()
                .forEach(price -> prices.addObject()
                        .put("model", price.model())
                        .put("input_micros_per_million", price.inputMicrosPerMillion())
                        .put("output_micros_per_million", price.outputMicrosPerMillion()));
        ArrayNode containment = root.putArray("containment");
        set.containment()
                .forEach(rule -> containment
                        .addObject()
                        .put("id", rule.id())
                        .put("when", rule.when())
                        .put("action", rule.action().wireName()));
        return root.toString();
    }

    private static void write(Role role, ObjectNode to) {
        names(to, "scopes", role.scopes());
        names(to, "models", role.models());
        names(to, "topics", role.topics());
    }

    private static void names(ObjectNode to, String member, Collection<String> names) {
        ArrayNode array = to.putArray(member);
        new TreeSet<>(names).forEach(array::add);
    }

    private static void write(Rule rule, ObjectNode to) {
        to.put("id", rule.id());
        to.put("effect", rule.effect().wireName());
        ArrayNode phases = to.putArray("phases");
        Arrays.stream(Phase.values())
                .filter(rule.phases()::contains)
                .map(Phase::wireName)
                .forEach(phases::add);
        to.put("when", rule.when());
        to.put("description", rule.description());
    }

    private static void write(Limit limit, ObjectNode to) {
        to.put("id", limit.id());
        to.put("tenant", limit.tenant());
        to.put("client", limit.client());
        to.put("model", limit.model());
        to.put("per", limit.per().wireName());
        number(to, "requests_per_minute", limit.requestsPerMinute());
        number(to, "burst", limit.burst());
        number(to, "model_tokens_per_minute", limit.modelTokensPerMinute());
        number(to, "concurrent", limit.concurrent());
        number(to, "spend_micros_per_day", limit.spendMicrosPerDay());
        number(to, "requests_per_day", limit.requestsPerDay());
        number(to, "model_tokens_per_day", limit.modelTokensPerDay());
    }

    private static void number(ObjectNode to, String member, OptionalLong value) {
        value.ifPresent(number -> to.put(member, number));
    }
}

package dev.postern.cli.demo;

import dev.postern.cli.admin.AdminClient;
import dev.postern.cli.edge.ChatRequests;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Publishes a rule, is denied by it, asks why, and puts the former policy into force again.
final class PolicyCheck implements DemoCheck {
    private static final String RULE = "demo-no-confidential-data-for-large-models";
    private static final String MODEL = "simulator-large";

    @Override
    public String id() {
        return "policy-explained";
    }

    @Override
    public String run(DemoWorld world) throws CheckFailed, InterruptedException {
        JsonNode policy = world.currentPolicy();
        CheckFailed.unless(policy instanceof ObjectNode, "there is no policy in force");
        long version = world.publish(withRule((ObjectNode) policy.deepCopy()));
        String why;
        try {
            world.awaitPolicy(version);
            why = denied(world);
        } finally {
            world.awaitPolicy(world.publish(policy));
        }
        int after = send(world, world.gatewayToken()).statusCode();
        CheckFailed.unless(after == 200, "with the former policy the same request gets " + after);
        return why;
    }

    private static String denied(DemoWorld world) throws CheckFailed, InterruptedException {
        HttpResponse<String> answer = send(world, world.gatewayToken());
        CheckFailed.unless(answer.statusCode() == 403, "the rule denies, but the answer is " + answer.statusCode());
        String request = answer.headers().firstValue(DemoWorld.REQUEST_ID).orElse("");
        CheckFailed.unless(!request.isEmpty(), "the answer does not say which request it belongs to");
        JsonNode explained =
                world.admin().get("/denials/" + AdminClient.segment(request)).body();
        CheckFailed.unless(explained.toString().contains(RULE), "the explanation does not name the rule");
        return "denied by " + RULE + ", and so says the explanation of request " + request
                + "; the former policy is back";
    }

    private static HttpResponse<String> send(DemoWorld world, String token) throws InterruptedException {
        HttpRequest.Builder request =
                world.chat().whole(MODEL, "a confidential matter").header("Postern-Sensitivity", "confidential");
        return world.anyone().send(ChatRequests.bearing(token, request));
    }

    private static ObjectNode withRule(ObjectNode policy) {
        ArrayNode rules = policy.withArray("rules");
        ObjectNode rule = rules.addObject()
                .put("id", RULE)
                .put("effect", "deny")
                .put(
                        "when",
                        "client.id == \"demo\" && request.model == \"" + MODEL
                                + "\" && request.sensitivity == \"confidential\"")
                .put("description", "Confidential data does not go to large models.");
        rule.putArray("phases").add("session");
        return policy;
    }
}

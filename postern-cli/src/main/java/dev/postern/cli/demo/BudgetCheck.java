package dev.postern.cli.demo;

import dev.postern.cli.admin.TemporaryClient;
import dev.postern.cli.edge.ChatRequests;
import dev.postern.cli.home.ClientDocument;
import dev.postern.cli.terminal.Failure;
import dev.postern.cli.token.TokenRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Gives a new client a budget of a few requests, lets it send many at the same moment, and counts what passes.
final class BudgetCheck implements DemoCheck {
    private static final int BUDGET = 5;
    private static final int CALLS = 20;

    @Override
    public String id() {
        return "budget-enforced";
    }

    @Override
    public String run(DemoWorld world) throws CheckFailed, InterruptedException {
        String name = "demo-budget-" + Long.toString(world.now().toEpochMilli(), Character.MAX_RADIX);
        TemporaryClient client =
                TemporaryClient.register(world.admin(), ClientDocument.application(name, "demo"), world.random());
        try {
            long version =
                    world.admin().put("/budgets/" + name, budget(name), "").version();
            try {
                world.awaitPolicy(version);
                return spend(world, client);
            } finally {
                world.admin().delete("/budgets/" + name);
            }
        } finally {
            client.remove();
        }
    }

    private static String spend(DemoWorld world, TemporaryClient client) throws CheckFailed, InterruptedException {
        String token = world.token(client.request(DemoWorld.SCOPE, TokenRequest.GATEWAY));
        int served = 0;
        int limited = 0;
        long retryAfter = 0;
        for (HttpResponse<String> answer : callTogether(world, token)) {
            if (answer.statusCode() == 200) {
                served++;
            } else if (answer.statusCode() == 429) {
                limited++;
                retryAfter = Math.max(
                        retryAfter,
                        answer.headers().firstValueAsLong("Retry-After").orElse(0));
            }
        }
        CheckFailed.unless(
                served == BUDGET && limited == CALLS - BUDGET,
                served + " were served and " + limited + " got 429 of " + CALLS + " on a budget for " + BUDGET);
        CheckFailed.unless(retryAfter > 0, "the refusals do not say when to come again");
        return CALLS + " requests at once on a budget for " + BUDGET + ": exactly " + BUDGET
                + " passed, the others got 429 with Retry-After";
    }

    private static List<HttpResponse<String>> callTogether(DemoWorld world, String token) throws InterruptedException {
        List<HttpResponse<String>> answers = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<HttpResponse<String>>> calls = new ArrayList<>();
            for (int i = 0; i < CALLS; i++) {
                calls.add(executor.submit(() -> world.anyone()
                        .send(ChatRequests.bearing(token, world.chat().whole(DemoWorld.CHAT_MODEL, "one of many")))));
            }
            for (Future<HttpResponse<String>> call : calls) {
                answers.add(call.get());
            }
        } catch (ExecutionException e) {
            throw new Failure("One of the parallel requests broke off.", e);
        }
        return answers;
    }

    private static ObjectNode budget(String client) {
        return new JsonMapper()
                .createObjectNode()
                .put("id", client)
                .put("tenant", "demo")
                .put("client", client)
                .put("model", "*")
                .put("requests_per_day", BUDGET);
    }
}

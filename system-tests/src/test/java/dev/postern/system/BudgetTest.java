package dev.postern.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.admin.AdminClient;
import dev.postern.cli.admin.TemporaryClient;
import dev.postern.cli.edge.ChatRequests;
import dev.postern.cli.home.ClientDocument;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.token.TokenRequest;
import dev.postern.system.SystemPlatform.Running;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A budget is exact, however many calls race for it.
@Order(17)
@ExtendWith(SystemPlatform.class)
class BudgetTest {
    private static final int CALLS = 200;

    @Test
    void callsWhenTwoHundredRaceForABudgetOfOneThenExactlyOnePasses(Running platform) throws Exception {
        try (AdminClient admin = platform.admin()) {
            TemporaryClient client =
                    TemporaryClient.register(admin, ClientDocument.application("racer", "demo"), new SecureRandom());
            try {
                long version =
                        admin.put("/budgets/one", Edge.JSON.readTree("""
                                        {"id":"one","tenant":"demo","client":"racer","model":"*","requests_per_day":1}"""), "").version();
                Edge.await(
                        "the gateway knows the budget",
                        () -> platform.metrics(PlatformService.GATEWAY).sum("postern_policy_epoch", "") >= version);

                List<HttpResponse<String>> answers = race(platform, client);

                assertThat(answers)
                        .filteredOn(answer -> answer.statusCode() == 200)
                        .hasSize(1);
                assertThat(answers)
                        .filteredOn(answer -> answer.statusCode() == 429)
                        .hasSize(CALLS - 1)
                        .allSatisfy(answer -> assertThat(answer.headers().firstValue("Retry-After"))
                                .isPresent());
            } finally {
                admin.delete("/budgets/one");
                client.remove();
            }
        }
    }

    private static List<HttpResponse<String>> race(Running platform, TemporaryClient client) throws Exception {
        String token = platform.token(client.request("llm:invoke", TokenRequest.GATEWAY));
        CountDownLatch start = new CountDownLatch(1);
        List<HttpResponse<String>> answers = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<HttpResponse<String>>> calls = new ArrayList<>();
            for (int i = 0; i < CALLS; i++) {
                calls.add(executor.submit(() -> {
                    start.await();
                    return platform.anyone()
                            .send(ChatRequests.bearing(token, platform.chat().whole(ChatRequests.SMALL, "me first")));
                }));
            }
            start.countDown();
            for (Future<HttpResponse<String>> call : calls) {
                answers.add(call.get());
            }
        }
        return answers;
    }
}

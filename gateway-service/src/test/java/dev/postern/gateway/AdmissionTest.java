package dev.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postern.gateway.admission.QuotaView;
import dev.postern.gateway.platform.FakeStream;
import dev.postern.policy.Facts;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/// What limited callers get, over the wire and with a real Redis.
class AdmissionTest extends AdmissionFixture {
    /// Estimated at 14 tokens in, for its 41 octets, and 6 out.
    private static final String SMALL = "{\"model\":\"m\",\"max_tokens\":6,\"messages\":[]}";

    @Autowired
    QuotaView quotas;

    @Test
    void callsWhen200AreMadeOnABudgetForOneThenExactlyOneIsServed() {
        limits(limit("one").requestsPerDay(1).build());
        AtomicInteger served = new AtomicInteger();
        model(stream -> {
            served.incrementAndGet();
            stream.document(ANSWER);
        });

        List<CompletableFuture<HttpResponse<String>>> all = IntStream.range(0, 200)
                .mapToObj(n -> client.sendAsync(chat(SMALL).build(), BodyHandlers.ofString()))
                .toList();

        List<Integer> statuses =
                all.stream().map(answer -> answer.join().statusCode()).toList();
        assertThat(statuses).filteredOn(status -> status == 200).hasSize(1);
        assertThat(statuses).filteredOn(status -> status == 429).hasSize(199);
        assertThat(served).hasValue(1);
    }

    @Test
    void answerWhenAdmittedThenItSaysWhereTheClientStands() throws Exception {
        limits(limit("small")
                .requestsPerMinute(600, 100)
                .modelTokensPerMinute(1000)
                .build());
        model(stream -> stream.document(ANSWER));

        HttpResponse<String> response = send(chat(SMALL));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "RateLimit-Policy"))
                .isEqualTo("\"small/requests\";q=100;w=10;qu=\"requests\","
                        + " \"small/model-tokens\";q=1000;w=60;qu=\"model-tokens\"");
        assertThat(header(response, "RateLimit"))
                .matches("\"small/requests\";r=99;t=1, \"small/model-tokens\";r=9\\d\\d;t=\\d");
        assertThat(header(response, "RateLimit-Limit")).isEqualTo("100");
        assertThat(header(response, "RateLimit-Remaining")).isEqualTo("99");
        assertThat(header(response, "RateLimit-Reset")).isEqualTo("1");
        assertThat(header(response, "x-ratelimit-limit-requests")).isEqualTo("100");
        assertThat(header(response, "x-ratelimit-remaining-requests")).isEqualTo("99");
        assertThat(header(response, "x-ratelimit-reset-requests")).matches("\\d+ms");
        assertThat(header(response, "x-ratelimit-limit-tokens")).isEqualTo("1000");
        assertThat(header(response, "x-ratelimit-remaining-tokens")).matches("9\\d\\d");
        assertThat(response.headers().firstValue("Retry-After")).isEmpty();
        Facts.Quota left = quotas.left("acme", "demo");
        assertThat(left.requestsLeft()).isEqualTo(99);
        assertThat(left.modelTokensLeft()).isBetween(900L, 999L);
        assertThat(left.spendLeftMicros()).isEqualTo(-1);
    }

    @Test
    void rateWhenReachedThen429SaysWhenToTryAgainAndIsAuditedAndCounted() throws Exception {
        limits(limit("slow").requestsPerMinute(1, 1).build());
        model(stream -> stream.document("{\"data\":[]}"));
        assertThat(send(authorized("/v1/models").GET()).statusCode()).isEqualTo(200);

        HttpResponse<String> response = send(authorized("/v1/models").GET());

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(json(response).path("error").path("code").asString()).isEqualTo("rate_limit_exceeded");
        assertThat(json(response).path("error").path("type").asString()).isEqualTo("rate_limit_error");
        assertThat(Long.parseLong(header(response, "Retry-After"))).isBetween(50L, 60L);
        assertThat(header(response, "RateLimit-Remaining")).isEqualTo("0");
        assertThat(response.headers().firstValue("x-should-retry")).isEmpty();
        assertThat(meters.get("postern.admission")
                        .tags("outcome", "refused", "limit", "requests")
                        .timer()
                        .count())
                .isPositive();
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(PLATFORM.auditEvents())
                        .anySatisfy(event -> assertThat(event.toString())
                                .contains("dev.postern.request.rejected", "rate-limit-exceeded", "/v1/models")));
    }

    @Test
    void budgetWhenLessIsLeftThanTheRequestMayUseThenInsufficientQuota() throws Exception {
        // 6 tokens out for 2 micros each, and some in for 1 each.
        limits(limit("daily").spendMicrosPerDay(50).build());
        model(stream -> stream.document(ANSWER));
        assertThat(send(chat(SMALL)).statusCode()).isEqualTo(200);
        awaitSettled("reported");

        // 10 in and 20 out were used: 50 micros.
        HttpResponse<String> response = send(chat(SMALL));

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(json(response).path("error").path("code").asString()).isEqualTo("insufficient_quota");
        assertThat(json(response).path("error").path("type").asString()).isEqualTo("insufficient_quota");
        assertThat(header(response, "x-should-retry")).isEqualTo("false");
        assertThat(header(response, "RateLimit")).startsWith("\"daily/daily-spend\";r=0;t=");
    }

    @Test
    void budgetOfATokenWhenUsedUpThenOnlyThatTokenIsRefused() throws Exception {
        limits();
        model(stream -> stream.document(ANSWER));
        String token = PLATFORM.tokens()
                .signed(claims -> claims.claim(
                        "authorization_details", List.of(Map.of("type", "postern_budget", "requests", 1))));
        assertThat(send(as(token)).statusCode()).isEqualTo(200);

        HttpResponse<String> response = send(as(token));

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(json(response).path("error").path("code").asString()).isEqualTo("insufficient_quota");
        assertThat(response.headers().firstValue("Retry-After")).isEmpty();
        assertThat(send(chat(SMALL)).statusCode()).isEqualTo(200);
    }

    @Test
    void placeWhenStreamIsCancelledThenItIsFreeAgain() throws Exception {
        limits(limit("two").concurrent(1).modelTokensPerMinute(100_000).build());
        BlockingQueue<FakeStream> streams = new LinkedBlockingQueue<>();
        model(streams::add);
        HttpResponse<java.io.InputStream> first = begin(streams);
        assertThat(send(chat(SMALL)).statusCode()).isEqualTo(429);

        first.body().close();

        awaitSettled("counted");
        model(stream -> stream.document(ANSWER));
        assertThat(send(chat(SMALL)).statusCode()).isEqualTo(200);
    }

    @Test
    void streamWhenLimitedByUseThenItsUseIsAskedForAndKeptFromTheClient() throws Exception {
        limits(limit("tokens").modelTokensPerMinute(10_000).build());
        BlockingQueue<FakeStream> streams = new LinkedBlockingQueue<>();
        model(stream -> {
            streams.add(stream);
            stream.event("{\"choices\":[{\"delta\":{\"content\":\"a\"}}]}");
            stream.event("{\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}");
            stream.end();
        });

        HttpResponse<String> response = send(chat(STREAMED_CHAT));

        assertThat(streams.take()
                        .request()
                        .path("body")
                        .path("stream_options")
                        .path("include_usage")
                        .asBoolean())
                .isTrue();
        assertThat(response.body()).contains("\"a\"", "[DONE]").doesNotContain("usage");
        awaitSettled("reported");
        model(stream -> stream.document(ANSWER));
        // All but the 7 that were used, the little that came back since, and the second request's own.
        assertThat(Long.parseLong(header(send(chat(SMALL)), "x-ratelimit-remaining-tokens")))
                .isBetween(9_900L, 9_990L);
    }

    @Test
    void streamWhenTheClientAskedForItsUseThenItGetsIt() throws Exception {
        limits(limit("tokens").modelTokensPerMinute(10_000).build());
        model(stream -> {
            stream.event("{\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}}");
            stream.end();
        });

        HttpResponse<String> response = send(
                chat("{\"model\":\"m\",\"stream\":true,\"stream_options\":{\"include_usage\":true},\"messages\":[]}"));

        assertThat(response.body()).contains("usage", "[DONE]");
    }

    @Test
    void requestWhenItFailsBeforeTheModelThenItsReservationComesBack() throws Exception {
        limits(limit("tokens").modelTokensPerMinute(1000).build());
        model(stream -> stream.fail("redaction-unavailable", 503));
        assertThat(send(chat(SMALL)).statusCode()).isEqualTo(503);
        awaitSettled("nothing");

        model(stream -> stream.document(ANSWER));
        HttpResponse<String> next = send(chat("{\"model\":\"m\",\"max_tokens\":900,\"messages\":[]}"));

        assertThat(next.statusCode()).isEqualTo(200);
    }

    @Test
    void modelsWhenTheTokenNamesSomeThenTheOthersDoNotExist() throws Exception {
        limits();
        AtomicInteger reached = new AtomicInteger();
        model(stream -> {
            reached.incrementAndGet();
            stream.document("{\"object\":\"list\",\"data\":[{\"id\":\"org/a\"},{\"id\":\"b\"}]}");
        });
        String token = PLATFORM.tokens()
                .signed(claims -> claims.claim(
                        "authorization_details",
                        List.of(Map.of("type", "postern_models", "models", List.of("org/*")))));

        HttpResponse<String> list =
                send(to("/v1/models").header("Authorization", "Bearer " + token).GET());
        assertThat(json(list).path("data").size()).isEqualTo(1);
        assertThat(json(list).path("object").asString()).isEqualTo("list");
        assertThat(json(list).path("data").path(0).path("id").asString()).isEqualTo("org/a");
        HttpResponse<String> hidden = get(token, "/v1/models/b");
        HttpResponse<String> missing = get(token, "/v1/models/org/none");
        assertThat(hidden.statusCode()).isEqualTo(404);
        assertThat(hidden.body()).isEqualTo(missing.body());
        assertThat(get(token, "/v1/models/org/a").statusCode()).isEqualTo(200);
        reached.set(0);
        HttpResponse<String> named = send(as(token));
        assertThat(named.statusCode()).isEqualTo(404);
        assertThat(named.body()).isEqualTo(missing.body());
        assertThat(reached).hasValue(0);
    }

    private HttpResponse<java.io.InputStream> begin(BlockingQueue<FakeStream> streams) throws Exception {
        var pending = client.sendAsync(chat(STREAMED_CHAT).build(), BodyHandlers.ofInputStream());
        FakeStream stream = Objects.requireNonNull(streams.poll(10, TimeUnit.SECONDS));
        stream.event("{\"choices\":[{\"delta\":{\"content\":\"a\"}}]}");
        return pending.get(10, TimeUnit.SECONDS);
    }

    private HttpRequest.Builder as(String token) {
        return to("/v1/chat/completions")
                .header("Authorization", "Bearer " + token)
                .POST(BodyPublishers.ofString(SMALL));
    }

    private HttpResponse<String> get(String token, String path) throws Exception {
        return send(to(path).header("Authorization", "Bearer " + token).GET());
    }

    /// Waits until this test's request is settled; each test settles by a basis first.
    private void awaitSettled(String basis) {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> meters.find("postern.admission.settled")
                                        .tag("basis", basis)
                                        .counter()
                                != null
                        && !redis.connection().orElseThrow().sync().keys("*:request:*").stream()
                                .findAny()
                                .isPresent());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }
}

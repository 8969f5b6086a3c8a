package dev.postern.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.RequestRejected;
import dev.postern.audit.RequestServed;
import dev.postern.relay.rig.FakeRedaction;
import dev.postern.relay.rig.SealedClient;
import dev.postern.relay.rig.SealedClient.Answer;
import dev.postern.session.StreamProblem;
import io.micrometer.core.instrument.Gauge;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Requests through a live session: what the client, the model and the audit trail get to see.
@SuppressWarnings("NullAway.Init")
class RequestServingTest extends RelayFixture {
    private SealedClient client;

    @BeforeEach
    void open() throws Exception {
        client = SealedClient.open(rig);
    }

    @AfterEach
    void close() throws Exception {
        client.close();
    }

    @Test
    void chatIsRedactedAndRestored() throws Exception {
        Answer answer = client.askAndAnswer(Requests.chat(rig.clock, "echo"));
        assertThat(answer.problem()).isNull();
        assertThat(answer.text()).contains("write to " + FakeRedaction.SECRET + " today");
        assertThat(rig.upstream.seen())
                .singleElement()
                .satisfies(seen ->
                        assertThat(seen).contains(FakeRedaction.PSEUDONYM).doesNotContain(FakeRedaction.SECRET));
        RequestServed served = servedOnce();
        assertThat(served.outcome()).isEqualTo("ok");
        assertThat(served.model()).isEqualTo("echo");
        assertThat(served.clientId()).isEqualTo("demo");
        assertThat(served.tenant()).isEqualTo("acme");
        assertThat(served.inputTokens()).isEqualTo(3);
        assertThat(served.outputTokens()).isEqualTo(5);
        assertThat(served.redacted()).containsEntry("EMAIL", 1);
        assertThat(rig.meters.get("gen_ai.server.request.duration").timer().count())
                .isEqualTo(1);
    }

    @Test
    void streamArrivesEventByEventAndEnds() throws Exception {
        Answer answer = client.askAndAnswer(Requests.stream(rig.clock, "echo"));
        assertThat(answer.problem()).isNull();
        assertThat(answer.messages()).hasSize(4);
        assertThat(answer.messages().get(2)).contains(FakeRedaction.SECRET);
        assertThat(rig.upstream.seen().getFirst()).doesNotContain(FakeRedaction.SECRET);
        assertThat(rig.meters.get("gen_ai.server.time_to_first_token").timer().count())
                .isEqualTo(1);
    }

    @Test
    void embeddingsAreServed() throws Exception {
        Answer answer = client.askAndAnswer(Requests.request(
                rig.clock,
                "/v1/embeddings",
                "{\"model\":\"echo\",\"input\":\"" + FakeRedaction.SECRET + "\"}",
                Duration.ofMinutes(5)));
        assertThat(answer.text()).contains("[0.5]");
        assertThat(rig.upstream.seen().getFirst()).doesNotContain(FakeRedaction.SECRET);
        assertThat(servedOnce().inputTokens()).isEqualTo(4);
    }

    @Test
    void modelsAreListed() throws Exception {
        Answer answer = client.askAndAnswer(Requests.request(rig.clock, "/v1/models", "{}", Duration.ofMinutes(5)));
        assertThat(answer.text()).contains("\"id\":\"echo\"");
    }

    @Test
    void anEchoComesBackFromTheRelayItself() throws Exception {
        String body = "{\"text\":\"" + FakeRedaction.SECRET + "\"}";
        Answer answer = client.askAndAnswer(Requests.request(rig.clock, "/ssp1/echo", body, Duration.ofMinutes(5)));
        assertThat(answer.text()).isEqualTo(body);
        assertThat(rig.upstream.seen()).isEmpty();
        assertThat(rig.audited(RequestServed.class)).isEmpty();
    }

    @Test
    void anEchoLongerThanAFrameIsRefused() throws Exception {
        String body = "{\"text\":\"" + "x".repeat(16_383) + "\"}";
        expect(
                client.askAndAnswer(Requests.request(rig.clock, "/ssp1/echo", body, Duration.ofMinutes(5))),
                "too-large",
                413);
    }

    @Test
    void aLongRequestAndAnswerTravelInChunks() throws Exception {
        String text = "word ".repeat(10_000);
        Answer answer = client.askAndAnswer(Requests.chat(rig.clock, "echo", text, false));
        assertThat(answer.text()).contains(text);
    }

    @Test
    void manyRequestsShareOneSession() throws Exception {
        int[] streams = new int[8];
        for (int i = 0; i < streams.length; i++) {
            streams[i] = client.ask(Requests.chat(rig.clock, "echo", "number " + i, false));
        }
        // Answers come in any order: the first that is waited for may be the last.
        int answered = 0;
        while (answered < streams.length) {
            Awaitility.await().until(() -> rig.audited(RequestServed.class).size() == streams.length);
            answered = rig.audited(RequestServed.class).size();
        }
        assertThat(rig.upstream.seen()).hasSize(streams.length);
    }

    @Test
    void anUnknownModelIsRefusedBeforeAnythingLeaves() throws Exception {
        expect(client.askAndAnswer(Requests.chat(rig.clock, "no-such")), "unknown-model", 404);
        assertThat(rig.upstream.seen()).isEmpty();
        assertThat(rig.audited(RequestRejected.class))
                .singleElement()
                .satisfies(event -> assertThat(event.reason()).isEqualTo("unknown-model"));
    }

    @Test
    void malformedRequestsAreRefused() throws Exception {
        expect(client.askAndAnswer("{\"op\":"), "bad-request", 400);
        expect(client.askAndAnswer(Requests.chat(rig.clock, "echo", "REFUSE", false)), "bad-request", 400);
        assertThat(rig.upstream.seen()).isEmpty();
    }

    @Test
    void tooLargeARequestIsRefused() throws Exception {
        String text = "x".repeat(70_000);
        expect(client.askAndAnswer(Requests.chat(rig.clock, "echo", text, false)), "too-large", 413);
    }

    @Test
    void aCallerWithoutTheScopeOrWithAnExpiredTokenIsRefused() throws Exception {
        String allowed = Requests.chat(rig.clock, "echo");
        expect(client.askAndAnswer(allowed.replace("llm:invoke", "audit:read")), "forbidden", 403);
        String body = "{\"model\":\"echo\",\"messages\":[]}";
        expect(
                client.askAndAnswer(Requests.request(rig.clock, "/v1/chat/completions", body, Duration.ofSeconds(-1))),
                "token-expired",
                401);
        String anonymous = allowed.replaceFirst("\"caller\":\\{.*?},", "");
        expect(client.askAndAnswer(anonymous), "forbidden", 403);
        assertThat(rig.upstream.seen()).isEmpty();
    }

    @Test
    void aRequestThatThePolicyBlocksIsRefusedWithItsKinds() throws Exception {
        String request = Requests.chat(rig.clock, "echo").replace("\"messages\"", "\"note\":\"BLOCK\",\"messages\"");
        assertThat(client.askAndAnswer(request).problem()).isNull();
        int asked = rig.upstream.seen().size();
        Answer refused = client.askAndAnswer(request.replaceFirst("\\{", "{\"sensitivity\":\"restricted\","));
        expect(refused, "policy-blocked", 403);
        assertThat(refused.problem())
                .extracting(StreamProblem::title)
                .isEqualTo("The tenant's policy lets no values of these kinds pass: CARD, SSN");
        assertThat(rig.upstream.seen()).hasSize(asked);
    }

    @Test
    void redactionDownMeansNothingReachesTheModel() throws Exception {
        rig.stopRedaction();
        expect(client.askAndAnswer(Requests.chat(rig.clock, "echo")), "redaction-unavailable", 503);
        assertThat(rig.upstream.seen()).isEmpty();
        rig.startRedaction();
        assertThat(client.askAndAnswer(Requests.chat(rig.clock, "echo")).problem())
                .as("served again once redaction is back")
                .isNull();
    }

    @Test
    void redactionThatDoesNotAnswerMeansNothingReachesTheModel() throws Exception {
        rig.redaction().fallSilent();
        expect(client.askAndAnswer(Requests.chat(rig.clock, "echo")), "redaction-unavailable", 503);
        assertThat(rig.upstream.seen()).isEmpty();
    }

    @Test
    void redactionLostAfterTheModelWasAskedDoesNotClaimThatNothingWasSent() throws Exception {
        int stream = client.ask(Requests.stream(rig.clock, "endless"));
        Awaitility.await().until(() -> rig.upstream.endlessEvents() > 0);
        rig.stopRedaction();
        expect(client.answer(stream), "restoration-unavailable", 502);
        assertThat(rig.audited(RequestServed.class)).hasSize(1);
    }

    @Test
    void aModelThatFailsIsABadGateway() throws Exception {
        expect(client.askAndAnswer(Requests.chat(rig.clock, "broken")), "upstream-unavailable", 502);
        assertThat(servedOnce().outcome()).isEqualTo("upstream-unavailable");
    }

    @Test
    void aModelThatIsDownIsABadGateway() throws Exception {
        rig.upstream.close();
        expect(client.askAndAnswer(Requests.chat(rig.clock, "echo")), "upstream-unavailable", 502);
    }

    @Test
    void aModelThatRefusesIsPassedOnByStatusOnly() throws Exception {
        expect(client.askAndAnswer(Requests.chat(rig.clock, "busy")), "upstream-rejected", 429);
    }

    @Test
    void aModelThatIsSlowTimesOut() throws Exception {
        expect(client.askAndAnswer(Requests.chat(rig.clock, "slow")), "upstream-timeout", 504);
    }

    @Test
    void aModelThatFallsSilentTimesOut() throws Exception {
        Answer answer = client.askAndAnswer(Requests.stream(rig.clock, "silent"));
        assertThat(answer.messages()).hasSize(1);
        expect(answer, "upstream-timeout", 504);
    }

    @Test
    void aTruncatedStreamIsAnErrorAndNotAnEnd() throws Exception {
        Answer answer = client.askAndAnswer(Requests.stream(rig.clock, "truncated"));
        assertThat(answer.text()).contains("half an ");
        expect(answer, "upstream-unavailable", 502);
    }

    @Test
    void anErrorInsideAStreamIsAnErrorWithoutItsWords() throws Exception {
        Answer answer = client.askAndAnswer(Requests.stream(rig.clock, "grumbling"));
        expect(answer, "upstream-unavailable", 502);
        assertThat(answer.text()).doesNotContain("CANARY");
    }

    @Test
    void theDeadlineOfTheRequestEndsIt() throws Exception {
        String hurried = Requests.stream(rig.clock, "endless").replace(":20000", ":300");
        expect(client.askAndAnswer(hurried), "upstream-timeout", 504);
        rig.upstream.endlessClosed().get(10, TimeUnit.SECONDS);
    }

    @Test
    void anAnswerDoesNotOutliveItsCallersToken() throws Exception {
        String body = "{\"model\":\"endless\",\"stream\":true,\"messages\":[]}";
        // Ends are whole seconds: of one second hardly anything may be left, and the request not be let in.
        expect(
                client.askAndAnswer(Requests.request(rig.clock, "/v1/chat/completions", body, Duration.ofSeconds(2))),
                "token-expired",
                401);
        rig.upstream.endlessClosed().get(10, TimeUnit.SECONDS);
    }

    @Test
    void aClientThatTakesNothingHoldsTheModelBack() throws Exception {
        client.pause();
        client.ask(Requests.stream(rig.clock, "endless"));
        long held = untilSteady(rig.upstream::endlessEvents);
        assertThat(client.isOpen()).isTrue();
        client.resume();
        Awaitility.await().until(() -> rig.upstream.endlessEvents() > held);
    }

    @Test
    void aSlowRedactionServiceHoldsTheModelBack() throws Exception {
        rig.redaction().workForEachItem(Duration.ofMillis(20));
        int stream = client.ask(Requests.stream(rig.clock, "endless"));
        Gauge waiting =
                rig.meters.get("postern.redaction.queue").tag("step", "answer").gauge();
        Awaitility.await().until(() -> waiting.value() > 32);

        // Sixty-four, and what one read of 16 KiB brought over that.
        Awaitility.await().during(Duration.ofSeconds(1)).until(() -> waiting.value() < 64 + 32);
        assertThat(client.isOpen()).isTrue();

        for (byte[] frame : client.session().sealError(stream, StreamProblem.CANCELLED)) {
            client.send(frame);
        }
        Awaitility.await().untilAsserted(() -> assertThat(waiting.value()).isZero());
    }

    @Test
    void whatWaitsForRedactionIsCountedInBytesToo() throws Exception {
        rig.redaction().workForEachItem(Duration.ofMillis(50));
        client.ask(Requests.stream(rig.clock, "wordy"));
        Gauge waiting =
                rig.meters.get("postern.redaction.queue").tag("step", "answer").gauge();
        Awaitility.await().until(() -> rig.upstream.endlessEvents() > 4);

        // Three events of 100 KB are over the 256 KiB that a request may have waiting.
        Awaitility.await().during(Duration.ofSeconds(1)).until(() -> waiting.value() <= 3);
        assertThat(rig.meters
                        .get("postern.redaction.batch.items")
                        .tag("step", "answer")
                        .summary()
                        .count())
                .isGreaterThan(4);
    }

    /// Waits until the number stays what it is, and returns it.
    private static long untilSteady(LongSupplier number) {
        AtomicLong last = new AtomicLong();
        Awaitility.await()
                .pollInterval(Duration.ofMillis(400))
                .until(() -> number.getAsLong() > 0 && last.getAndSet(number.getAsLong()) == number.getAsLong());
        return last.get();
    }

    @Test
    void cancellingARequestClosesTheModelsConnection() throws Exception {
        int stream = client.ask(Requests.stream(rig.clock, "endless"));
        Awaitility.await().until(() -> !rig.upstream.seen().isEmpty());
        for (byte[] frame : client.session().sealError(stream, StreamProblem.CANCELLED)) {
            client.send(frame);
        }
        rig.upstream.endlessClosed().get(10, TimeUnit.SECONDS);
        Awaitility.await().until(() -> rig.redaction().cancels() > 0);
        assertThat(servedOnce().outcome()).isEqualTo("cancelled");
    }

    @Test
    void aClientThatGoesAwayClosesTheModelsConnection() throws Exception {
        client.ask(Requests.stream(rig.clock, "endless"));
        Awaitility.await().until(() -> !rig.upstream.seen().isEmpty());
        client.close();
        rig.upstream.endlessClosed().get(10, TimeUnit.SECONDS);
        assertThat(servedOnce().outcome()).isEqualTo("cancelled");
    }

    private RequestServed servedOnce() {
        Awaitility.await().until(() -> !rig.audited(RequestServed.class).isEmpty());
        return rig.audited(RequestServed.class).getFirst();
    }

    private static void expect(Answer answer, String code, int status) {
        @Nullable StreamProblem problem = answer.problem();
        assertThat(problem).isNotNull();
        assertThat(problem.code()).isEqualTo(code);
        assertThat(problem.status()).isEqualTo(status);
        assertThat(problem.title()).doesNotContain("CANARY");
    }

    @Test
    void whatIsLeftOfTheDeadlineTravelsWithThePrompt() throws Exception {
        try (SealedClient client = SealedClient.open(rig)) {
            client.askAndAnswer(Requests.chat(rig.clock, "echo"));
            String body = "{\"model\":\"echo\",\"stream\":false,\"messages\":[]}";
            client.askAndAnswer(Requests.request(rig.clock, "/v1/chat/completions", body, Duration.ofSeconds(9)));
        }
        assertThat(rig.redaction().deadlines()).hasSize(2);
        assertThat(rig.redaction().deadlines().getFirst())
                .as("of 20 s")
                .isBetween(Duration.ofSeconds(10), Duration.ofMillis(19_999));
        assertThat(rig.redaction().deadlines().getLast())
                .as("of the caller's token, which ends sooner")
                .isBetween(Duration.ofSeconds(1), Duration.ofMillis(9_999));
    }
}

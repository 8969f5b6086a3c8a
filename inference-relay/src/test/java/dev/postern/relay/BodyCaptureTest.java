package dev.postern.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.archive.Capture;
import dev.postern.archive.CaptureName;
import dev.postern.archive.CustodianKey;
import dev.postern.archive.SealedBody;
import dev.postern.archive.Share;
import dev.postern.audit.BodyCaptured;
import dev.postern.audit.RequestServed;
import dev.postern.policy.LatencyClass;
import dev.postern.relay.capture.BodyCaptures;
import dev.postern.relay.capture.CaptureProperties;
import dev.postern.relay.capture.CaptureUnusable;
import dev.postern.relay.capture.CapturedExchange;
import dev.postern.relay.request.Caller;
import dev.postern.relay.request.Operation;
import dev.postern.relay.request.RelayRequest;
import dev.postern.relay.rig.FakeRedaction;
import dev.postern.relay.rig.RelayRig;
import dev.postern.relay.rig.SealedClient;
import dev.postern.relay.rig.SealedClient.Answer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;

/// What is captured of requests, and who can read it.
@SuppressWarnings("NullAway.Init")
class BodyCaptureTest extends RelayFixture {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final CustodianKey ANNA = CustodianKey.generate("anna", RANDOM);
    private static final CustodianKey BEN = CustodianKey.generate("ben", RANDOM);
    private static final int LONGEST = 40_000;

    private SealedClient client;

    @Override
    RelayRig relay() throws Exception {
        return new RelayRig(redis, directory, properties("acme"));
    }

    private CaptureProperties properties(String tenant) throws IOException {
        Path custodians = Files.write(
                directory.resolve("custodians"),
                List.of(ANNA.custodian().line(), BEN.custodian().line()));
        return new CaptureProperties(custodians, Set.of(tenant), LONGEST);
    }

    @BeforeEach
    void open() throws Exception {
        client = SealedClient.open(rig);
    }

    @AfterEach
    void close() throws Exception {
        client.close();
    }

    private double counted(String outcome) {
        return Optional.ofNullable(rig.meters
                        .find("postern.relay.captures")
                        .tag("outcome", outcome)
                        .counter())
                .map(Counter::count)
                .orElse(0.0);
    }

    /// The body of that kind, which must be the only one.
    private String captured(String kind) throws IOException {
        List<BodyCaptured> parts = rig.audited(BodyCaptured.class).stream()
                .filter(part -> part.kind().equals(kind))
                .toList();
        Capture capture = Capture.join(
                        parts.stream().map(BodyCaptureTest::fields).toList())
                .orElseThrow();
        String label = capture.name().label();
        SealedBody body = SealedBody.parse(capture.sealed()).orElseThrow();
        try (Share one = ANNA.share(body.portion("anna").orElseThrow(), label);
                Share other = BEN.share(body.portion("ben").orElseThrow(), label)) {
            return new String(body.open(one, other, label), StandardCharsets.UTF_8);
        }
    }

    private static Map<String, ?> fields(BodyCaptured part) {
        return Map.of(
                "capture_id", part.captureId(),
                "request_id", part.requestId(),
                "client_id", part.clientId(),
                "tenant", part.tenant(),
                "kind", part.kind(),
                "part", part.part(),
                "parts", part.parts(),
                "digest", part.digest(),
                "sealed", part.sealed().text());
    }

    @Test
    void captureWhenTheTenantIsNamedThenCustodiansReadPromptAndAnswerAsTheClientDid() throws Exception {
        Answer answer = client.askAndAnswer(Requests.chat(rig.clock, "echo"));
        Awaitility.await().until(() -> counted("recorded") == 2);

        assertThat(captured(CaptureName.REQUEST)).contains(FakeRedaction.SECRET).contains("\"model\":\"echo\"");
        assertThat(captured(CaptureName.ANSWER)).isEqualTo(answer.text());
        RequestServed served = rig.audited(RequestServed.class).getFirst();
        assertThat(rig.audited(BodyCaptured.class)).hasSize(2).allSatisfy(part -> {
            assertThat(part.requestId()).isEqualTo(served.requestId());
            assertThat(part.clientId()).isEqualTo("demo");
            assertThat(part.tenant()).isEqualTo("acme");
            assertThat(part.toString()).doesNotContain(FakeRedaction.SECRET);
        });
    }

    @Test
    void captureWhenStreamedThenTheAnswerIsItsEvents() throws Exception {
        Answer answer = client.askAndAnswer(Requests.stream(rig.clock, "echo"));
        Awaitility.await().until(() -> counted("recorded") == 2);
        assertThat(captured(CaptureName.ANSWER).lines())
                .isNotEmpty()
                .allSatisfy(
                        event -> assertThat(String.join("", answer.messages())).contains(event));
    }

    @Test
    void captureWhenABodyIsLongThenIsCutBetweenCharactersAndSaysSo() throws Exception {
        String text = "\u00e9".repeat(25_000);
        assertThat(client.askAndAnswer(Requests.chat(rig.clock, "echo", text, false))
                        .problem())
                .isNull();
        Awaitility.await().until(() -> counted("recorded") == 2);
        assertThat(captured(CaptureName.REQUEST))
                .containsPattern("\u00e9\n\\[cut after (39999|40000) of 50[0-9]{3} octets]$")
                .doesNotContain("\ufffd");
    }

    @Test
    void captureWhenItCannotBeRecordedThenTheRequestGoesOnAndItIsCounted() throws Exception {
        rig.trailWritable = false;
        assertThat(client.askAndAnswer(Requests.chat(rig.clock, "echo")).problem())
                .isNull();
        Awaitility.await().until(() -> counted("unrecorded") == 2);
        rig.trailWritable = true;
        rig.roomInTrail = false;
        assertThat(client.askAndAnswer(Requests.chat(rig.clock, "echo")).problem())
                .isNull();
        Awaitility.await().until(() -> counted("dropped") == 2);
        assertThat(rig.audited(BodyCaptured.class)).isEmpty();
        assertThat(rig.audited(RequestServed.class)).hasSize(2);
    }

    @Test
    void captureWhenNothingReachedTheModelOrThereIsNoPromptThenIsNone() throws Exception {
        client.askAndAnswer(Requests.chat(rig.clock, "no-such"));
        client.askAndAnswer(Requests.request(rig.clock, "/v1/models", "{}", Duration.ofMinutes(5)));
        client.askAndAnswer(Requests.chat(rig.clock, "echo"));
        Awaitility.await().until(() -> counted("recorded") == 2);
        assertThat(rig.audited(BodyCaptured.class)).hasSize(2);
    }

    @Test
    void captureWhenTheTenantIsAnotherThenIsNone() throws Exception {
        try (RelayRig other =
                        new RelayRig(redis, Files.createDirectory(directory.resolve("other")), properties("other"));
                SealedClient there = SealedClient.open(other)) {
            assertThat(there.askAndAnswer(Requests.chat(other.clock, "echo")).problem())
                    .isNull();
            Awaitility.await().until(() -> !other.audited(RequestServed.class).isEmpty());
            assertThat(other.audited(BodyCaptured.class)).isEmpty();
            assertThat(other.meters.find("postern.relay.captures").counter()).isNull();
        }
    }

    @Test
    void custodiansWhenTheyCannotBeReadThenStopTheStartWithASentence() throws Exception {
        Path file =
                Files.writeString(directory.resolve("wrong"), ANNA.custodian().line() + "\nx\n");
        CaptureProperties properties = new CaptureProperties(file, Set.of("*"), LONGEST);
        assertThatThrownBy(() -> BodyCaptures.of(
                        properties,
                        _ -> CompletableFuture.completedFuture(null),
                        () -> true,
                        new SimpleMeterRegistry(),
                        RANDOM))
                .isInstanceOf(CaptureUnusable.class)
                .hasMessageContainingAll("postern.relay.capture.custodians", "line 2", "keygen")
                .satisfies(failure -> assertThat(new StartFailure().analyze(new IllegalStateException(failure)))
                        .extracting(FailureAnalysis::getDescription)
                        .isEqualTo(failure.getMessage()));
        assertThat(new StartFailure().analyze(new IllegalStateException("another")))
                .isNull();
    }

    private BodyCaptures captures(SimpleMeterRegistry meters, int longest) throws IOException {
        return BodyCaptures.of(
                new CaptureProperties(properties("acme").custodians(), Set.of("*"), longest),
                _ -> CompletableFuture.completedFuture(null),
                () -> true,
                meters,
                RANDOM);
    }

    private static CapturedExchange begin(BodyCaptures captures) {
        Caller caller =
                new Caller("demo", "acme", "demo", List.of(), "t", "s", "k", Set.of(), Instant.EPOCH, Instant.MAX, 1);
        RelayRequest request = new RelayRequest(
                Operation.CHAT,
                "m-1",
                Duration.ofMinutes(1),
                Optional.empty(),
                Optional.empty(),
                LatencyClass.INTERACTIVE,
                Optional.empty(),
                Optional.of("echo"),
                true,
                "{}".getBytes(StandardCharsets.UTF_8));
        return captures.begin(caller, request).orElseThrow();
    }

    /// However many requests run, their answers' copies take 16 MiB together. The second round shows that each gave its
    /// room back, and gave it back once.
    @Test
    void captureWhenManyLongAnswersAreComingThenThoseWithoutRoomAreDropped() throws Exception {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        Counter dropped = meters.counter("postern.relay.captures", "outcome", "dropped");
        byte[] event = new byte[1 << 19];
        try (BodyCaptures captures = captures(meters, 1 << 20)) {
            for (int round = 1; round <= 2; round++) {
                List<CapturedExchange> running = new ArrayList<>();
                for (int i = 0; i < 16; i++) {
                    CapturedExchange exchange = begin(captures);
                    exchange.answered(event);
                    exchange.answered(event);
                    exchange.answered(event);
                    running.add(exchange);
                }
                CapturedExchange without = begin(captures);
                without.answered(event);
                without.answered(event);
                without.served();
                assertThat(dropped.count()).as("prompt and answer").isEqualTo(2.0 * round);
                running.forEach(CapturedExchange::abandoned);
                running.forEach(CapturedExchange::abandoned);
            }

            CapturedExchange after = begin(captures);
            after.answered(event);
            after.served();
            after.abandoned();
            Counter recorded = meters.counter("postern.relay.captures", "outcome", "recorded");
            Awaitility.await().until(() -> recorded.count() == 2);
        }
    }
}

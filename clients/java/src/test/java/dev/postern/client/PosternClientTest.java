package dev.postern.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.session.HandshakeFailed;
import dev.postern.session.KeyConfigRejected.Reason;
import dev.postern.session.ProofKey;
import dev.postern.session.Refusal;
import dev.postern.session.Suite;
import dev.postern.testrelay.TestGateway;
import dev.postern.testrelay.TestStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PosternClientTest {
    private static final Settings QUICK = Settings.DEFAULT.withDelays(Duration.ofMillis(2), Duration.ofMillis(10));

    private static final Settings UNHURRIED = QUICK.withDelays(Duration.ofHours(1), Duration.ofHours(1));

    private final TestGateway gateway = new TestGateway(Suite.X_WING);
    private final BlockingQueue<TestStream> arrived = new LinkedBlockingQueue<>();
    private PosternClient client = client(QUICK);

    @AfterEach
    void close() {
        client.close();
        gateway.close();
    }

    @Test
    void questionWhenAskedThenAnsweredAsTheModelWroteIt() throws Exception {
        gateway.model(stream -> {
            arrived.add(stream);
            stream.document("{\"n\": 1.50}");
        });

        assertThat(client.ask(chat("{\"model\":\"m\",\"temperature\":0.10}")).text())
                .isEqualTo("{\"n\": 1.50}");
        TestStream stream = arrived();
        assertThat(stream.request().path("op").asString()).isEqualTo("/v1/chat/completions");
        assertThat(stream.request().path("msg_id").asString()).hasSize(22);
        assertThat(stream.request().path("deadline_ms").asLong()).isBetween(30_000L, 60_000L);
        assertThat(stream.request().path("body").path("model").asString()).isEqualTo("m");
        assertThat(client.models().text()).isEqualTo("{\"n\": 1.50}");
        assertThat(arrived().request().has("body")).isFalse();
    }

    @Test
    void contentsWhenLongerThanAFrameThenWhole() throws Exception {
        String longText = "x".repeat(100_000);
        gateway.model(stream -> stream.document(stream.request().path("body").toString()));

        assertThat(client.ask(chat("{\"text\":\"" + longText + "\"}"))
                        .json()
                        .path("text")
                        .asString())
                .isEqualTo(longText);
    }

    @Test
    void eventsWhenStreamedThenInOrderUntilTheEnd() throws Exception {
        gateway.model(stream -> {
            for (int i = 0; i < 100; i++) {
                stream.event("{\"i\":" + i + "}");
            }
            stream.end();
        });

        List<Integer> events = new ArrayList<>();
        try (AnswerStream answer = client.stream(chat("{\"stream\":true}"))) {
            Optional<Answer> event = answer.next();
            while (event.isPresent()) {
                events.add(event.get().json().path("i").asInt());
                event = answer.next();
            }
            assertThat(answer.next()).isEmpty();
        }
        assertThat(events).hasSize(100).isSorted().doesNotHaveDuplicates();
        assertThatThrownBy(() -> client.ask(chat("{\"stream\":true}"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void requestsWhenManyThenShareOneSession() throws Exception {
        gateway.model(stream -> stream.document(stream.request().path("body").toString()));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                Callable<Integer> call = asking("{\"i\":" + i + "}");
                answers.add(threads.submit(call));
            }
            for (int i = 0; i < 50; i++) {
                assertThat(answers.get(i).get(20, TimeUnit.SECONDS)).isEqualTo(i);
            }
        }
        assertThat(gateway.opened()).isEqualTo(1);
    }

    private Callable<Integer> asking(String body) {
        return () -> client.ask(chat(body)).json().path("i").asInt();
    }

    @Test
    void requestWhenRefusedThenTypedAndTheSessionLives() throws Exception {
        gateway.model(stream -> stream.fail("unknown-model", 404));
        assertThatExceptionOfType(PosternFailure.Refused.class)
                .isThrownBy(() -> client.ask(chat("{}")))
                .satisfies(refused -> {
                    assertThat(refused.code()).isEqualTo("unknown-model");
                    assertThat(refused.status()).isEqualTo(404);
                });
        gateway.model(stream -> stream.document("{}"));
        assertThat(client.ask(chat("{}")).text()).isEqualTo("{}");
        assertThat(gateway.opened()).isEqualTo(1);
    }

    @Test
    void streamWhenClosedThenCancelledAtTheRelay() throws Exception {
        gateway.model(stream -> {
            arrived.add(stream);
            stream.event("{}");
        });
        try (AnswerStream answer = client.stream(chat("{\"stream\":true}"))) {
            assertThat(answer.next()).isPresent();
        }
        assertThat(arrived().cancelled()).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("cancelled");
    }

    @Test
    void answerWhenCutOffThenTruncatedAndNeverSuccess() throws Exception {
        gateway.model(stream -> {
            stream.event("{}");
            arrived.add(stream);
        });
        try (AnswerStream answer = client.stream(chat("{\"stream\":true}").idempotent())) {
            assertThat(answer.next()).isPresent();
            arrived().session().breakConnection();
            assertThatThrownBy(answer::next).isInstanceOf(PosternFailure.Truncated.class);
        }
        assertThat(gateway.opened()).isEqualTo(1);
    }

    @Test
    void requestWhenLostThenSentAgainUnderTheSameIdInTheTimeThatIsLeft() throws Exception {
        gateway.model(stream -> {
            arrived.add(stream);
            switch (arrived.size()) {
                case 1 -> stream.session().breakConnection();
                case 2 -> stream.session().end("shutdown", Refusal.SESSION_UNKNOWN);
                case 3 -> stream.session().end("store-lost", Refusal.STORE_UNAVAILABLE);
                default -> stream.document("{}");
            }
        });
        assertThat(client.ask(chat("{}")).text()).isEqualTo("{}");
        assertThat(messageIds()).hasSize(4);
        assertThat(Set.copyOf(messageIds())).hasSize(1);
        assertThat(arrived)
                .extracting(stream -> stream.request().path("deadline_ms").asLong())
                .isSortedAccordingTo(Comparator.reverseOrder())
                .allMatch(left -> left > 30_000);
        assertThat(gateway.opened()).isEqualTo(4);
    }

    @Test
    void relayWhenGoneThenTheOtherIsTriedNext() throws Exception {
        gateway.offerOneThatIsGone();
        gateway.model(stream -> stream.document("{}"));
        Settings twice = new Settings(
                QUICK.patience(),
                QUICK.stall(),
                QUICK.ahead(),
                QUICK.firstDelay(),
                QUICK.maxDelay(),
                2,
                QUICK.streams(),
                QUICK.unread(),
                QUICK.maxMessage());
        for (int i = 0; i < 20; i++) {
            try (PosternClient another = client(twice)) {
                assertThat(another.ask(chat("{}")).text()).isEqualTo("{}");
            }
        }
        assertThat(gateway.opened()).isEqualTo(20);
        assertThat(gateway.offers()).isGreaterThan(20);
    }

    @Test
    void requestWhenLostAgainAndAgainThenSessionLost() throws Exception {
        gateway.model(stream -> {
            arrived.add(stream);
            stream.session().breakConnection();
        });
        try (PosternClient another = client(QUICK)) {
            Request streamed = chat("{\"stream\":true}");
            assertThatThrownBy(() -> {
                        try (AnswerStream answer = another.stream(streamed)) {
                            assertThat(answer.next()).isEmpty();
                        }
                    })
                    .isInstanceOf(PosternFailure.SessionLost.class);
        }
        assertThat(messageIds()).hasSize(QUICK.attempts());
        assertThat(Set.copyOf(messageIds())).hasSize(1);
    }

    @Test
    void requestWhenLostAndItsTimeIsOverThenNotSentAgain() throws Exception {
        gateway.model(stream -> {
            arrived.add(stream);
            stream.session().breakConnection();
        });
        try (PosternClient another = client(UNHURRIED)) {
            Request hurried = chat("{}").within(Duration.ofSeconds(8));
            assertThatThrownBy(() -> another.ask(hurried)).isInstanceOf(PosternFailure.TimedOut.class);
        }
        assertThat(arrived).hasSize(1);
    }

    @Test
    void requestWhenRefusedBeforeItIsWholeThenSaysSoAndIsNotSentAgain() throws Exception {
        gateway.refuseUploads("overloaded", 429);
        Request large = chat("{\"text\":\"" + "x".repeat(1_000_000) + "\"}");
        assertThatExceptionOfType(PosternFailure.Refused.class)
                .isThrownBy(() -> client.ask(large))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo("overloaded"));

        gateway.model(stream -> stream.document("{}"));
        assertThat(client.ask(chat("{}")).text()).isEqualTo("{}");
        assertThat(gateway.opened()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {503, 401})
    void requestWhenLostAndNoSessionIsToBeHadThenNotSaidToBeUnsent(int status) {
        gateway.model(stream -> {
            gateway.status(status);
            stream.session().breakConnection();
        });
        assertThatThrownBy(() -> client.ask(chat("{}")))
                .isInstanceOf(PosternFailure.SessionLost.class)
                .cause()
                .isInstanceOfAny(PosternFailure.Unavailable.class, PosternFailure.Reauthenticate.class);
    }

    @Test
    void requestWhenTheMachineSleptThenNotSentAgain() {
        AtomicReference<Duration> slept = new AtomicReference<>(Duration.ZERO);
        gateway.model(stream -> {
            arrived.add(stream);
            slept.set(Duration.ofMinutes(30));
            stream.session().breakConnection();
        });
        try (PosternClient another =
                builder(gateway, QUICK, new SetClock(slept)).build()) {
            assertThatThrownBy(() -> another.ask(chat("{}"))).isInstanceOf(PosternFailure.EffectUnknown.class);
        }
        assertThat(arrived).hasSize(1);
    }

    @Test
    void streamWhenItsClientIsClosedThenLost() throws Exception {
        gateway.model(arrived::add);
        AnswerStream answer = client.stream(chat("{\"stream\":true}"));
        arrived();
        client.close();

        assertThatThrownBy(answer::next).isInstanceOf(PosternFailure.SessionLost.class);
        assertThatThrownBy(() -> client.ask(chat("{}"))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void gatewayWhenItStallsThenTheRequestsDeadlineHoldsAndTheNextIsServed() throws Exception {
        gateway.model(stream -> stream.document("{}"));
        gateway.stall(true);
        Settings brisk = new Settings(
                Duration.ofSeconds(3),
                QUICK.stall(),
                QUICK.ahead(),
                QUICK.firstDelay(),
                QUICK.maxDelay(),
                QUICK.attempts(),
                QUICK.streams(),
                QUICK.unread(),
                QUICK.maxMessage());
        try (PosternClient another = client(brisk)) {
            Request hurried = chat("{}").within(Duration.ofMillis(1));
            assertThatThrownBy(() -> another.ask(hurried)).isInstanceOf(PosternFailure.TimedOut.class);
            gateway.stall(false);
            assertThat(another.ask(chat("{}")).text()).isEqualTo("{}");
        }
    }

    @Test
    void accessWhenRefusedThenTheNextAttemptWaits() {
        gateway.refuse(Refusal.FORBIDDEN);
        gateway.model(stream -> stream.document("{}"));
        try (PosternClient another = client(UNHURRIED)) {
            assertThatThrownBy(() -> another.ask(chat("{}"))).isInstanceOf(PosternFailure.Forbidden.class);
            assertThatThrownBy(() -> another.ask(chat("{}").within(Duration.ofMillis(1))))
                    .isInstanceOf(PosternFailure.TimedOut.class);
        }
        assertThat(gateway.offers()).isEqualTo(1);
    }

    @Test
    void requestWhenWhatBecameOfItIsNotKnownThenSaysSoAndIsNotAskedAnew() throws Exception {
        gateway.model(stream -> {
            arrived.add(stream);
            if (arrived.size() == 1) {
                stream.session().breakConnection();
            } else {
                stream.fail("effect-unknown", 409);
            }
        });
        assertThatThrownBy(() -> client.ask(chat("{}"))).isInstanceOf(PosternFailure.EffectUnknown.class);
        assertThat(messageIds()).hasSize(2);
        assertThat(Set.copyOf(messageIds())).hasSize(1);
    }

    @Test
    void requestWhenWhatBecameOfItIsNotKnownAndItDoesNoHarmThenAskedAnewUnderAnotherId() throws Exception {
        gateway.model(stream -> {
            arrived.add(stream);
            switch (arrived.size()) {
                case 1 -> stream.session().breakConnection();
                case 2 -> stream.fail("effect-unknown", 409);
                default -> stream.document("{}");
            }
        });
        assertThat(client.ask(chat("{}").idempotent()).text()).isEqualTo("{}");
        assertThat(messageIds()).hasSize(3);
        assertThat(messageIds().get(1)).isEqualTo(messageIds().get(0));
        assertThat(messageIds().get(2)).isNotEqualTo(messageIds().get(0));
    }

    @Test
    void requestWhenRelaysForgetSoonThenNotSentAgainUnlessItDoesNoHarm() throws Exception {
        gateway.remembers(Duration.ofSeconds(5));
        gateway.model(stream -> {
            arrived.add(stream);
            if (arrived.size() != 3) {
                stream.session().breakConnection();
            } else {
                stream.document("{}");
            }
        });
        assertThatThrownBy(() -> client.ask(chat("{}"))).isInstanceOf(PosternFailure.EffectUnknown.class);
        assertThat(arrived).hasSize(1);

        assertThat(client.ask(chat("{}").idempotent()).text()).isEqualTo("{}");
        assertThat(arrived).hasSize(3);
    }

    @Test
    void accessWhenRevokedBeforeTheAnswerThenForbiddenAndNotSentAgain() {
        gateway.model(stream -> {
            arrived.add(stream);
            stream.session().end("revoked", Refusal.FORBIDDEN);
        });
        assertThatThrownBy(() -> client.ask(chat("{}"))).isInstanceOf(PosternFailure.Forbidden.class);
        assertThat(arrived).hasSize(1);
    }

    @Test
    void requestWhenAHopClosesWithForbiddenAfterItLeftThenLostAndNotSentAgain() {
        gateway.model(stream -> {
            arrived.add(stream);
            stream.session().hangUp(Refusal.FORBIDDEN);
        });
        assertThatThrownBy(() -> client.ask(chat("{}")))
                .isInstanceOf(PosternFailure.SessionLost.class)
                .hasCauseInstanceOf(PosternFailure.Forbidden.class);
        assertThat(arrived).hasSize(1);
    }

    @Test
    void requestWhenLostAndTheNextSessionIsForbiddenThenNotSaidToBeUnsent() {
        gateway.model(stream -> {
            gateway.refuse(Refusal.FORBIDDEN);
            stream.session().breakConnection();
        });
        assertThatThrownBy(() -> client.ask(chat("{}")))
                .isInstanceOf(PosternFailure.SessionLost.class)
                .hasCauseInstanceOf(PosternFailure.Forbidden.class);
    }

    @Test
    void answerWhenAHopClosesWithForbiddenInTheMiddleThenForbidden() throws Exception {
        gateway.model(stream -> {
            stream.event("{}");
            arrived.add(stream);
        });
        try (AnswerStream answer = client.stream(chat("{\"stream\":true}"))) {
            assertThat(answer.next()).isPresent();
            arrived().session().hangUp(Refusal.FORBIDDEN);
            assertThatThrownBy(answer::next).isInstanceOf(PosternFailure.Forbidden.class);
        }
    }

    @Test
    void requestWhenItsClientIsClosedBeforeItLeftThenUnavailable() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        TokenSource slow = new FixedTokens(Clock.systemUTC()) {
            @Override
            public Token gateway() throws IOException, InterruptedException {
                asked.countDown();
                closed.await();
                throw new IOException("closed");
            }
        };
        PosternClient another = builder(QUICK).tokens(slow).build();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Answer> answer = threads.submit(() -> another.ask(chat("{}")));
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            another.close();
            closed.countDown();

            assertThatThrownBy(() -> answer.get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(PosternFailure.Unavailable.class);
        }
    }

    @Test
    void errorWhileOpeningThenToldWithItsCauseAndTheNextRequestIsServed() throws Exception {
        gateway.model(stream -> stream.document("{}"));
        try (PosternClient another = builder(QUICK).tokens(brokenAt(1)).build()) {
            assertThatThrownBy(() -> another.ask(chat("{}").within(Duration.ofSeconds(5))))
                    .isInstanceOf(IllegalStateException.class)
                    .hasCauseInstanceOf(UnsatisfiedLinkError.class);
            assertThat(another.ask(chat("{}")).text()).isEqualTo("{}");
        }
    }

    @Test
    void errorWhileOpeningAfterTheRequestLeftThenNotSaidToBeUnsent() {
        gateway.model(stream -> stream.session().breakConnection());
        try (PosternClient another = builder(QUICK).tokens(brokenAt(2)).build()) {
            assertThatThrownBy(() -> another.ask(chat("{}").within(Duration.ofSeconds(5))))
                    .isInstanceOf(PosternFailure.SessionLost.class)
                    .hasRootCauseInstanceOf(UnsatisfiedLinkError.class);
        }
    }

    /// As a native library that cannot be loaded.
    private static TokenSource brokenAt(int time) {
        AtomicInteger times = new AtomicInteger();
        return new FixedTokens(Clock.systemUTC()) {
            @Override
            public Token relay(ProofKey key) {
                if (times.incrementAndGet() == time) {
                    throw new UnsatisfiedLinkError("broken by the test");
                }
                return super.relay(key);
            }
        };
    }

    @Test
    void streamWhenClosedWhileItIsSentAgainThenEndsAndIsCancelled() throws Exception {
        gateway.model(arrived::add);
        AnswerStream answer = client.stream(chat("{\"stream\":true}"));
        TestStream first = arrived();
        gateway.model(stream -> {
            answer.close();
            arrived.add(stream);
        });
        first.session().breakConnection();

        assertThat(answer.next()).isEmpty();
        assertThat(arrived().cancelled()).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("cancelled");
    }

    @Test
    void sessionWhenThereThenKnown() throws Exception {
        gateway.model(stream -> {
            stream.session().updateKeys();
            stream.document("{}");
        });
        assertThat(client.session()).isEmpty();
        client.models();
        assertThat(client.session()).hasValueSatisfying(session -> {
            assertThat(session.id()).isNotBlank();
            assertThat(session.suite()).isEqualTo(Suite.X_WING);
            assertThat(session.epoch()).isEqualTo(1);
            assertThat(session.relayId()).isEqualTo("spiffe://postern.local/service/inference-relay#one");
            assertThat(session.ends()).isAfter(Instant.now());
        });
    }

    private List<String> messageIds() {
        return arrived.stream()
                .map(stream -> stream.request().path("msg_id").asString())
                .toList();
    }

    @Test
    void challengeWhenStaleThenOnceMoreAndNotTwice() throws Exception {
        gateway.model(stream -> stream.document("{}"));
        gateway.refuse(Refusal.CHALLENGE);
        assertThat(client.ask(chat("{}")).text()).isEqualTo("{}");

        try (PosternClient another = client(QUICK)) {
            gateway.refuse(Refusal.CHALLENGE, Refusal.CHALLENGE);
            assertThatThrownBy(() -> another.ask(chat("{}"))).isInstanceOf(PosternFailure.Reauthenticate.class);
        }
        assertThat(gateway.offers()).isEqualTo(4);
    }

    @Test
    void clientWhenForbiddenOrNotBelievedThenStops() {
        gateway.refuse(Refusal.FORBIDDEN);
        assertThatThrownBy(() -> client.ask(chat("{}"))).isInstanceOf(PosternFailure.Forbidden.class);
        gateway.refuse(Refusal.OPEN_REJECTED);
        assertThatThrownBy(() -> client.ask(chat("{}"))).isInstanceOf(PosternFailure.Reauthenticate.class);
        gateway.status(403);
        assertThatThrownBy(() -> client.ask(chat("{}"))).isInstanceOf(PosternFailure.Forbidden.class);
        gateway.status(401);
        assertThatThrownBy(() -> client.ask(chat("{}"))).isInstanceOf(PosternFailure.Reauthenticate.class);
        assertThat(gateway.offers()).isEqualTo(2);
    }

    @Test
    void platformWhenAwayForAMomentThenOpenedAfterAPause() throws Exception {
        gateway.model(stream -> stream.document("{}"));
        gateway.refuse(Refusal.STORE_UNAVAILABLE, Refusal.LIMIT, Refusal.SESSION_UNKNOWN);
        assertThat(client.ask(chat("{}")).text()).isEqualTo("{}");

        gateway.status(503);
        try (PosternClient another = client(QUICK)) {
            assertThatThrownBy(() -> another.ask(chat("{}"))).isInstanceOf(PosternFailure.Unavailable.class);
        }
    }

    @Test
    void relayWhenNotTheExpectedThenNothingIsSealedToIt() {
        PosternClient.Builder other = builder(QUICK).relay(URI.create("spiffe://other/relay"), "urn:postern:relay");
        try (PosternClient another = other.build()) {
            assertThatExceptionOfType(PosternFailure.KeyConfigRejected.class)
                    .isThrownBy(() -> another.ask(chat("{}")))
                    .satisfies(rejected -> assertThat(rejected.reason()).isEqualTo(Reason.WRONG_IDENTITY));
        }
        assertThat(gateway.offers()).isZero();
    }

    @Test
    void suiteWhenNotPermittedThenNoSession() {
        try (TestGateway weaker = new TestGateway(Suite.X25519);
                PosternClient strict = builder(weaker, QUICK).build()) {
            assertThatExceptionOfType(PosternFailure.HandshakeRejected.class)
                    .isThrownBy(() -> strict.ask(chat("{}")))
                    .satisfies(rejected ->
                            assertThat(rejected.reason()).isEqualTo(HandshakeFailed.Reason.NO_COMMON_SUITE));
            assertThat(weaker.offers()).isZero();
        }
    }

    @Test
    void keysWhenUpdatedThenFollowed() throws Exception {
        gateway.model(stream -> {
            stream.session().updateKeys();
            stream.document("{}");
        });
        for (int i = 0; i < 5; i++) {
            assertThat(client.ask(chat("{}")).text()).isEqualTo("{}");
        }
        assertThat(gateway.opened()).isEqualTo(1);
    }

    @Test
    void sessionWhenNearItsEndThenReplacedAheadAndClosedInGoodOrder() throws Exception {
        gateway.sessionLife(Duration.ofMinutes(1));
        AtomicReference<Duration> later = new AtomicReference<>(Duration.ZERO);
        gateway.model(stream -> stream.document("{}"));
        // However long ahead, not in the first three quarters of its life.
        Settings ahead = QUICK.withAhead(Duration.ofMinutes(9));
        try (PosternClient early = builder(gateway, ahead, new SetClock(later)).build()) {
            assertThat(early.ask(chat("{}")).text()).isEqualTo("{}");
            later.set(Duration.ofSeconds(20));
            assertThat(early.ask(chat("{}")).text()).isEqualTo("{}");
            assertThat(gateway.opened()).isEqualTo(1);
            gateway.sessionLife(Duration.ofMinutes(5));
            later.set(Duration.ofSeconds(50));
            Awaitility.await().until(() -> early.ask(chat("{}")).text().equals("{}") && gateway.opened() == 2);
            assertThat(gateway.sessions().element().farewell())
                    .succeedsWithin(Duration.ofSeconds(10))
                    .isEqualTo("done");
            assertThat(early.ask(chat("{}")).text()).isEqualTo("{}");
        }
        assertThat(gateway.opened()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1})
    void clockWhenAnHourOffThenASessionLastsItsLifeAndIsReplacedAheadOfItsEnd(int hours) throws Exception {
        gateway.sessionLife(Duration.ofMinutes(1));
        gateway.model(stream -> stream.document("{}"));
        AtomicReference<Duration> off = new AtomicReference<>(Duration.ofHours(hours));
        Clock clock = new SetClock(off);
        try (PosternClient wrong =
                builder(gateway, QUICK.withAhead(Duration.ofSeconds(10)), clock).build()) {
            assertThat(wrong.ask(chat("{}")).text()).isEqualTo("{}");
            assertThat(wrong.session())
                    .hasValueSatisfying(session -> assertThat(Duration.between(clock.instant(), session.ends()))
                            .isBetween(Duration.ofSeconds(40), Duration.ofSeconds(61)));
            off.set(Duration.ofHours(hours).plusSeconds(40));
            assertThat(wrong.ask(chat("{}")).text()).isEqualTo("{}");
            assertThat(gateway.opened()).isEqualTo(1);

            gateway.sessionLife(Duration.ofMinutes(5));
            off.set(Duration.ofHours(hours).plusSeconds(51));
            Awaitility.await().until(() -> wrong.ask(chat("{}")).text().equals("{}") && gateway.opened() == 2);
            assertThat(gateway.sessions().element().farewell())
                    .succeedsWithin(Duration.ofSeconds(10))
                    .isEqualTo("done");
            assertThat(wrong.ask(chat("{}")).text()).isEqualTo("{}");
        }
        assertThat(gateway.opened()).isEqualTo(2);
    }

    @Test
    void answerWhenReadSlowlyThenHeldBackAndWhole() throws Exception {
        gateway.model(PosternClientTest::flood);
        try (PosternClient narrow = client(QUICK.withUnread(10_000, Duration.ofSeconds(30)));
                AnswerStream answer = narrow.stream(chat("{\"stream\":true}"))) {
            int events = 0;
            while (answer.next().isPresent()) {
                events++;
            }
            assertThat(events).isEqualTo(200);
        }
    }

    @Test
    void answerWhenNotReadThenLostAndTheOthersGoOn() throws Exception {
        gateway.model(stream -> {
            if (stream.request().path("body").has("flood")) {
                arrived.add(stream);
                pour(stream);
            } else {
                stream.document("{}");
            }
        });
        try (PosternClient narrow = client(QUICK.withUnread(10_000, Duration.ofMillis(100)));
                AnswerStream unread = narrow.stream(chat("{\"stream\":true,\"flood\":1}"))) {
            assertThat(narrow.ask(chat("{}")).text()).isEqualTo("{}");
            assertThat(arrived().cancelled())
                    .succeedsWithin(Duration.ofSeconds(10))
                    .isEqualTo("cancelled");
            assertThatThrownBy(() -> {
                        while (unread.next().isPresent()) {
                            assertThat(gateway.opened()).isEqualTo(1);
                        }
                    })
                    .isInstanceOf(PosternFailure.ReadTooSlowly.class);
        }
    }

    @Test
    void deadlineWhenPassedThenTimedOutAndCancelled() throws Exception {
        gateway.model(stream -> stream.document("{}"));
        var _ = client.models();
        gateway.model(arrived::add);
        Request hurried = chat("{}").within(Duration.ofMillis(1));

        assertThatThrownBy(() -> client.ask(hurried)).isInstanceOf(PosternFailure.TimedOut.class);
        assertThat(arrived().cancelled()).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("cancelled");
    }

    @Test
    void secretsWhenPrintedThenAbsent() {
        assertThat(new Token("secret", Instant.EPOCH).toString()).doesNotContain("secret");
        assertThat(chat("{\"secret\":1}").toString()).doesNotContain("secret");
        assertThat(new Answer("secret".getBytes(StandardCharsets.UTF_8)).toString())
                .doesNotContain("secret");
    }

    @Test
    void bodyWhenSentThenOctetByOctetAsGiven() {
        assertThat(new String(
                        chat(" {\"temperature\": 0.10}\n").document("id", Duration.ofMinutes(1)),
                        StandardCharsets.UTF_8))
                .isEqualTo("{\"op\":\"/v1/chat/completions\",\"msg_id\":\"id\",\"deadline_ms\":60000,"
                        + "\"body\": {\"temperature\": 0.10}\n}");
    }

    @Test
    void requestWhenNotOneJsonObjectThenRefused() {
        for (String body : List.of("[]", "1", "{}{}", "{", "{},\"x\":1")) {
            assertThatThrownBy(() -> chat(body)).isInstanceOf(IllegalArgumentException.class);
        }
        for (byte[] notUtf8 : List.of(
                "{}".getBytes(StandardCharsets.UTF_16BE),
                "\ufeff{}".getBytes(StandardCharsets.UTF_8),
                "{\"x\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1))) {
            assertThatThrownBy(() -> Request.of(Request.CHAT, notUtf8)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> builder(URI.create("http://localhost"), Clock.systemUTC())
                        .build())
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static void flood(TestStream stream) {
        pour(stream);
        stream.end();
    }

    private static void pour(TestStream stream) {
        for (int i = 0; i < 200; i++) {
            stream.event("{\"text\":\"" + "x".repeat(4_000) + "\"}");
        }
    }

    private TestStream arrived() throws InterruptedException {
        TestStream stream = arrived.poll(10, TimeUnit.SECONDS);
        if (stream == null) {
            throw new AssertionError("no request reached the relay");
        }
        return stream;
    }

    private static Request chat(String body) {
        return Request.of(Request.CHAT, body.getBytes(StandardCharsets.UTF_8));
    }

    private PosternClient client(Settings settings) {
        return builder(settings).build();
    }

    private PosternClient.Builder builder(Settings settings) {
        return builder(gateway, settings);
    }

    private static PosternClient.Builder builder(TestGateway to, Settings settings) {
        return builder(to, settings, Clock.systemUTC());
    }

    private static PosternClient.Builder builder(TestGateway to, Settings settings, Clock clock) {
        return builder(to.address(), clock)
                .settings(settings)
                .anchors(List.of(to.anchor()))
                .tls(to.clientTls());
    }

    private static PosternClient.Builder builder(URI address, Clock clock) {
        return PosternClient.builder(address, clock, new SecureRandom())
                .client("demo", "acme")
                .tokens(new FixedTokens(clock));
    }

    /// The system's clock, set ahead.
    private static final class SetClock extends Clock {
        private final AtomicReference<Duration> ahead;

        SetClock(AtomicReference<Duration> ahead) {
            this.ahead = ahead;
        }

        @Override
        public Instant instant() {
            return Clock.systemUTC().instant().plus(ahead.get());
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private static class FixedTokens implements TokenSource {
        private final Clock clock;

        FixedTokens(Clock clock) {
            this.clock = clock;
        }

        @Override
        public Token gateway() throws IOException, InterruptedException {
            return new Token(TestGateway.TOKEN, clock.instant().plusSeconds(600));
        }

        @Override
        public Token relay(ProofKey key) {
            return new Token(
                    "relay-token-for-" + key.thumbprint(), clock.instant().plusSeconds(600));
        }
    }
}

package dev.postern.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.session.ProofKey;
import dev.postern.session.Refusal;
import dev.postern.testrelay.TestStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of a request whose answer does not come: sent again under its id, asked anew, or neither.
class SentAgainTest extends ClientFixture {
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

    @ParameterizedTest
    @CsvSource({
        "overloaded,429",
        "revocation-unavailable,503",
        "token-expired,401",
        "forbidden,403",
        "unknown-model,404",
        "bad-request,400"
    })
    void requestWhenLostAndTheNextRelayRefusesItUnseenThenNotSaidToBeWithoutEffect(String code, int status) {
        firstLostThenRefused(code, status);
        assertThatThrownBy(() -> client.ask(chat("{}")))
                .isInstanceOf(PosternFailure.SessionLost.class)
                .cause()
                .isInstanceOfSatisfying(
                        PosternFailure.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(code));
        assertThat(arrived).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"redaction-unavailable,503", "upstream-unavailable,502"})
    void requestWhenLostAndTheNextRelayRefusesItAfterALookThenItsRefusalCounts(String code, int status) {
        firstLostThenRefused(code, status);
        assertThatExceptionOfType(PosternFailure.Refused.class)
                .isThrownBy(() -> client.ask(chat("{}")))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(code));
    }

    @Test
    void requestWhenLostAndRefusedUnseenAndItDoesNoHarmThenTheRefusalCounts() {
        firstLostThenRefused("overloaded", 429);
        assertThatThrownBy(() -> client.ask(chat("{}").idempotent())).isInstanceOf(PosternFailure.Refused.class);
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

    private List<String> messageIds() {
        return arrived.stream()
                .map(stream -> stream.request().path("msg_id").asString())
                .toList();
    }

    private void firstLostThenRefused(String code, int status) {
        gateway.model(stream -> {
            arrived.add(stream);
            if (arrived.size() == 1) {
                stream.session().breakConnection();
            } else {
                stream.fail(code, status);
            }
        });
    }
}

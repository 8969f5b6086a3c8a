package dev.postern.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.session.HandshakeFailed;
import dev.postern.session.KeyConfigRejected.Reason;
import dev.postern.session.Refusal;
import dev.postern.session.Suite;
import dev.postern.testrelay.TestGateway;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Sessions are opened, believed, kept in force and replaced.
class ClientSessionTest extends ClientFixture {
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
}

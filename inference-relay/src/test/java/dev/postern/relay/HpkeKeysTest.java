package dev.postern.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.audit.SessionClosed;
import dev.postern.chassis.keys.KeySource.Fate;
import dev.postern.relay.keys.HpkeKeys;
import dev.postern.relay.rig.SealedClient;
import dev.postern.session.RelayKeySet;
import java.util.OptionalInt;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the key directory says of a relay's keys, done over real connections.
@SuppressWarnings("NullAway.Init")
class HpkeKeysTest extends RelayFixture {
    private HpkeKeys source;
    private RelayKeySet first;

    @BeforeEach
    void activate() {
        source = new HpkeKeys(rig.keys.ring(), rig.sessions);
        first = source.next();
        source.moved(first, Fate.PREPARED);
        source.moved(first, Fate.ACTIVE);
    }

    @Test
    void theActiveKeysArePublishedAndThoseBeforeThemStillOpen() throws Exception {
        try (SealedClient before = SealedClient.open(rig)) {
            RelayKeySet second = source.next();
            source.moved(second, Fate.ACTIVE);
            source.moved(first, Fate.RETIRING);

            assertThat(published()).isEqualTo(second.name());
            source.moved(first, Fate.DESTROYED);
            assertThat(before.askAndAnswer(Requests.stream(rig.clock, "echo")).problem())
                    .isNull();
        }
        assertThat(source.endedWith(first.name())).isEqualTo(OptionalInt.of(0));
    }

    @Test
    void theSessionsOfACompromisedKeyEndAndThoseOfTheSpareLive() throws Exception {
        try (SealedClient taken = SealedClient.open(rig)) {
            RelayKeySet spare = source.next();
            source.moved(spare, Fate.ACTIVE);
            try (SealedClient safe = SealedClient.open(rig)) {
                source.moved(first, Fate.COMPROMISED);

                assertThat(taken.closed()).isEqualTo("4410 session-unknown");
                Awaitility.await()
                        .untilAsserted(
                                () -> assertThat(source.endedWith(first.name())).isEqualTo(OptionalInt.of(1)));
                assertThat(rig.audited(SessionClosed.class))
                        .singleElement()
                        .satisfies(event -> assertThat(event.reason()).isEqualTo("key-compromised"));
                assertThat(published()).isEqualTo(spare.name());
                assertThat(safe.askAndAnswer(Requests.stream(rig.clock, "echo")).problem())
                        .isNull();
            }
        }
    }

    @Test
    void aSessionThatIsBeingAdmittedUnderACompromisedKeyEndsToo() throws Exception {
        rig.mint.onFind(() -> source.moved(first, Fate.COMPROMISED));
        try (SealedClient late = SealedClient.open(rig)) {
            assertThat(late.closed()).isEqualTo("4410 session-unknown");
        }
        rig.mint.onFind(() -> {});
        assertThat(published()).isNotEqualTo(first.name());
        try (SealedClient next = SealedClient.open(rig)) {
            assertThat(next.askAndAnswer(Requests.stream(rig.clock, "echo")).problem())
                    .isNull();
        }
    }

    private String published() {
        return rig.keys.ring().current().keys().getFirst().id().toString();
    }
}

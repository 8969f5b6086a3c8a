package dev.postern.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Serializable;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RelayKeyRingTest {
    private final TestPeers peers = new TestPeers(Suite.X25519);

    @Test
    void keysRotateWhenTheirPeriodIsOver() {
        KeyId first = peers.ring.current().keys().getFirst().id();
        peers.relayClock.advance(TestPeers.PERIOD.minusMillis(1));
        assertThat(peers.ring.rotateIfDue()).isFalse();
        peers.relayClock.advance(Duration.ofMillis(1));
        assertThat(peers.ring.rotateIfDue()).isTrue();
        assertThat(peers.ring.current().keys().getFirst().id()).isNotEqualTo(first);
        assertThat(peers.ring.rotateIfDue()).isFalse();
    }

    @Test
    void aRotatedKeyStillOpensUntilItsConfigurationExpires() throws Exception {
        KeyConfig old = peers.published();
        peers.advance(TestPeers.PERIOD);
        peers.ring.rotateIfDue();
        assertThat(peers.relay.parse(open(old)).open().parameters()).isEqualTo(TestPeers.parameters());
        peers.advance(TestPeers.PERIOD);
        peers.ring.rotateIfDue();
        assertThat(peers.relay.parse(open(old)).open().parameters()).isEqualTo(TestPeers.parameters());

        // Even when the timer that should rotate is late.
        peers.advance(TestPeers.PERIOD);
        assertThatThrownBy(() -> peers.relay.parse(open(old)))
                .isInstanceOfSatisfying(
                        HandshakeRefused.class,
                        refused -> assertThat(refused.refusal()).isEqualTo(Refusal.KEY_CONFIG));
    }

    @Test
    void theThirdRotationErasesTheKey() {
        RelayKey first =
                peers.ring.find(peers.ring.current().keys().getFirst().id()).orElseThrow();
        peers.ring.rotate();
        peers.ring.rotate();
        assertThat(peers.ring.find(first.id())).isPresent();
        peers.ring.rotate();
        assertThat(peers.ring.find(first.id())).isEmpty();
        assertThatThrownBy(() -> first.decapsulate(new byte[32], new byte[0])).isInstanceOf(Exception.class);
    }

    /// Nor can they be serialized: whoever has the ring can publish and erase keys, and has no octet of a private one.
    @Test
    void privateKeysHaveNoWayOut() {
        for (Class<?> holder : List.of(RelayKeyRing.class, RelayKeySet.class, RelayKey.class, KemKeyPair.class)) {
            assertThat(Serializable.class.isAssignableFrom(holder))
                    .as(holder.getName())
                    .isFalse();
            assertThat(holder.getFields()).as(holder.getName()).isEmpty();
            if (Modifier.isPublic(holder.getModifiers())) {
                assertThat(Arrays.stream(holder.getDeclaredMethods())
                                .filter(method -> Modifier.isPublic(method.getModifiers()))
                                .map(method -> method.getGenericReturnType().getTypeName()))
                        .as(holder.getName())
                        .isSubsetOf(
                                "void",
                                "boolean",
                                String.class.getName(),
                                "java.util.Set<java.lang.String>",
                                "java.util.Optional<java.lang.String>",
                                KeyConfig.class.getName(),
                                RelayKeySet.class.getName());
            }
        }
    }

    /// As long as the directory keeps them at its standard pace: 6 min less the jitter, and 10 min more.
    @Test
    void aConfigurationPromisesNoMoreThanItsKeyLives() {
        RelayKeyRing slow = new RelayKeyRing(
                new RelayDescription(TestPeers.RELAY + "#one", TestPeers.AUDIENCE, "policy-1"),
                List.of(Suite.X25519),
                Duration.ofMinutes(8),
                peers.relayClock,
                TestPeers.RANDOM);
        KeyConfig config = slow.current();
        RelayKey key = slow.find(config.keys().getFirst().id()).orElseThrow();
        assertThat(Duration.between(peers.relayClock.instant(), config.expires()))
                .isEqualTo(Duration.ofMinutes(15));

        peers.advance(Duration.ofMinutes(8));
        assertThat(slow.rotateIfDue()).isTrue();
        peers.advance(Duration.ofMinutes(7).minusMillis(1));
        assertThat(slow.rotateIfDue()).isFalse();
        assertThat(slow.find(key.id())).isPresent();
        peers.advance(Duration.ofMillis(1));
        assertThat(slow.rotateIfDue()).isFalse();
        assertThat(slow.find(key.id())).isEmpty();
        assertThatThrownBy(() -> key.decapsulate(new byte[32], new byte[0]))
                .as("erased")
                .isInstanceOf(Exception.class);
        slow.close();
    }

    @Test
    void anOfferWhoseKeyWasErasedMeanwhileIsRefusedAsAnyOther() throws Exception {
        UnopenedOffer offer = peers.relay.parse(open(peers.published()));
        peers.ring.close();
        assertThatThrownBy(offer::open)
                .isInstanceOfSatisfying(
                        HandshakeRefused.class,
                        refused -> assertThat(refused.refusal()).isEqualTo(Refusal.OPEN_REJECTED));
    }

    @Test
    void preparedKeysOpenNothingBeforeTheyArePublished() throws Exception {
        RelayKeySet prepared = peers.ring.prepare();
        KeyId id = KeyId.parse(prepared.name()).orElseThrow();
        assertThat(peers.ring.find(id)).isEmpty();

        peers.ring.publish(prepared);
        assertThat(peers.ring.current().keys().getFirst().id()).isEqualTo(id);
        assertThat(peers.relay.parse(open(peers.published())).open().parameters())
                .isEqualTo(TestPeers.parameters());
        peers.advance(TestPeers.PERIOD.minusMillis(1));
        assertThat(peers.ring.rotateIfDue()).isFalse();
        peers.advance(Duration.ofMillis(1));
        assertThat(peers.ring.rotateIfDue()).isTrue();
    }

    @Test
    void compromisedKeysOpenNothingNorDoThoseThatTheRingMadeItself() throws Exception {
        KeyConfig own = peers.published();
        RelayKeySet first = peers.ring.prepare();
        peers.ring.publish(first);
        KeyConfig taken = peers.published();
        RelayKeySet spare = peers.ring.prepare();
        peers.ring.publish(spare);

        assertThat(peers.ring.compromised(first))
                .containsExactlyInAnyOrder(
                        first.name(), own.keys().getFirst().id().toString());

        for (KeyConfig gone : List.of(own, taken)) {
            assertThatThrownBy(() -> peers.relay.parse(open(gone)))
                    .isInstanceOfSatisfying(
                            HandshakeRefused.class,
                            refused -> assertThat(refused.refusal()).isEqualTo(Refusal.KEY_CONFIG));
        }
        assertThat(peers.relay.parse(open(peers.published())).open().parameters())
                .isEqualTo(TestPeers.parameters());
    }

    @Test
    void keysOnTheirWayOutAreNotPublishedAgain() {
        RelayKeySet retiring = peers.ring.prepare();
        peers.ring.publish(retiring);
        RelayKeySet taken = peers.ring.prepare();
        peers.ring.publish(taken);

        peers.ring.compromised(taken);

        assertThat(peers.ring.current().keys().getFirst().id().toString()).isNotEqualTo(retiring.name());
        assertThat(peers.ring.find(KeyId.parse(retiring.name()).orElseThrow())).isPresent();
    }

    @Test
    void aRingIsNeverWithoutKeys() {
        KeyId own = peers.ring.current().keys().getFirst().id();
        RelayKeySet only = peers.ring.prepare();
        peers.ring.publish(only);
        assertThat(peers.ring.compromised(only)).hasSize(2);
        assertThat(peers.ring.current().keys().getFirst().id().toString()).isNotIn(only.name(), own.toString());

        RelayKeySet unused = peers.ring.prepare();
        peers.ring.erase(unused);
        assertThat(peers.ring.current().keys()).hasSize(1);
    }

    private byte[] open(KeyConfig config) throws HandshakeFailed {
        ClientOffer offer = new ClientOffer(
                config, List.of(Suite.X25519), peers.challenges.issue(), TestPeers.parameters(), peers.proofKey);
        return ClientHandshake.start(offer, peers.clientClock, TestPeers.RANDOM).message();
    }
}

package dev.postern.session;

import dev.postern.test.MutableClock;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// A relay with its identity and a client that trusts it, each with a clock of its own.
final class TestPeers {
    static final String AUDIENCE = "urn:postern:relay";
    static final URI RELAY = URI.create("spiffe://postern.local/service/inference-relay");
    static final Duration PERIOD = Duration.ofMinutes(5);
    static final SecureRandom RANDOM = new SecureRandom();

    final MutableClock relayClock = MutableClock.atNoon();
    final MutableClock clientClock = MutableClock.atNoon();
    final TestIdentity anchor = TestIdentity.anchor(relayClock.instant().minus(Duration.ofMinutes(1)));
    final TestIdentity identity = anchor.issue(relayClock.instant().minus(Duration.ofMinutes(1)), RELAY.toString());
    final RelayKeyRing ring;
    final Challenges challenges = new Challenges(relayClock, RANDOM);
    final RelayHandshake relay;
    final ProofKey proofKey = new ProofKey(TestIdentity.p256());

    TestPeers(Suite... suites) {
        this.ring = new RelayKeyRing(
                new RelayDescription(RELAY + "#one", AUDIENCE, "policy-1"),
                List.of(suites),
                PERIOD,
                relayClock,
                RANDOM);
        this.relay = new RelayHandshake(ring, challenges, relayClock, RANDOM);
    }

    static TestPeers withBothSuites() {
        return new TestPeers(Suite.X_WING, Suite.X25519);
    }

    KeyConfigVerifier verifier() {
        return verifier(clientClock);
    }

    KeyConfigVerifier verifier(Clock clock) {
        return new KeyConfigVerifier(Set.of(anchor.certificate()), RELAY, AUDIENCE, clock);
    }

    KeyConfig published() throws KeyConfigRejected {
        return verifier().verify(identity.signer().sign(ring.current()));
    }

    static OpenParameters parameters() {
        return new OpenParameters("acme", "demo", List.of("sim-large"), 16, "token.of.demo");
    }

    ClientOffer offer(Suite... suites) throws KeyConfigRejected {
        return new ClientOffer(published(), List.of(suites), challenges.issue(), parameters(), proofKey);
    }

    ClientHandshake client(Suite... suites) throws KeyConfigRejected, HandshakeFailed {
        return ClientHandshake.start(offer(suites), clientClock, RANDOM);
    }

    SessionTerms terms() {
        return SessionTerms.until(relayClock.instant().plus(Duration.ofMinutes(15)));
    }

    SessionPair session() {
        return session(Suite.X25519, terms());
    }

    SessionPair session(SessionTerms terms) {
        return session(Suite.X25519, terms);
    }

    SessionPair session(Suite suite, SessionTerms terms) {
        try {
            ClientHandshake client = client(suite);
            Accepted accepted = relay.parse(client.message()).open().accept(terms);
            return new SessionPair(client.accept(accepted.message()).session(), accepted.session());
        } catch (KeyConfigRejected | HandshakeFailed | HandshakeRefused e) {
            throw new IllegalStateException(e);
        }
    }

    void advance(Duration by) {
        relayClock.advance(by);
        clientClock.advance(by);
    }

    /// The two ends of one session.
    record SessionPair(SealedSession client, SealedSession relay) {}
}

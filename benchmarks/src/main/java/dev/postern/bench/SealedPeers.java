package dev.postern.bench;

import dev.postern.session.Accepted;
import dev.postern.session.Challenges;
import dev.postern.session.ClientHandshake;
import dev.postern.session.ClientOffer;
import dev.postern.session.HandshakeFailed;
import dev.postern.session.HandshakeRefused;
import dev.postern.session.OpenParameters;
import dev.postern.session.ProofKey;
import dev.postern.session.RelayDescription;
import dev.postern.session.RelayHandshake;
import dev.postern.session.RelayKeyRing;
import dev.postern.session.SealedSession;
import dev.postern.session.SessionTerms;
import dev.postern.session.Suite;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/// A relay and a client of one suite. The client has the key configuration from the relay itself: verifying its
/// signature is work of a period, not of a session.
final class SealedPeers {

    private final Suite suite;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final RelayKeyRing keys;
    private final Challenges challenges;
    private final RelayHandshake relay;
    private final ProofKey proofKey;
    private final OpenParameters parameters;

    SealedPeers(Suite suite, Clock clock) {
        this.suite = suite;
        this.clock = clock;
        this.keys = new RelayKeyRing(
                new RelayDescription(
                        "spiffe://postern.local/service/inference-relay#one", "urn:postern:relay", "policy"),
                List.of(suite),
                Duration.ofMinutes(5),
                clock,
                random);
        this.challenges = new Challenges(clock, random);
        this.relay = new RelayHandshake(keys, challenges, clock, random);
        this.proofKey = new ProofKey(p256(), random);
        this.parameters = new OpenParameters("demo", "reports", List.of(), 16, new MintedTokens().mint(0));
    }

    private static KeyPair p256() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The client's first half: OPEN.
    ClientHandshake offer() throws HandshakeFailed {
        return ClientHandshake.start(
                new ClientOffer(keys.current(), List.of(suite), challenges.issue(), parameters, proofKey),
                clock,
                random);
    }

    /// The relay's part, without the token and the proof: [TokenBenchmark] has those.
    Accepted answer(byte[] open) throws HandshakeRefused {
        return relay.parse(open)
                .open()
                .accept(SessionTerms.until(clock.instant().plus(Duration.ofDays(1))));
    }

    /// The two ends of one session.
    record Ends(SealedSession client, SealedSession relay) {}

    Ends session() {
        try {
            ClientHandshake client = offer();
            Accepted accepted = answer(client.message());
            return new Ends(client.accept(accepted.message()).session(), accepted.session());
        } catch (HandshakeFailed | HandshakeRefused e) {
            throw new IllegalStateException(e);
        }
    }
}

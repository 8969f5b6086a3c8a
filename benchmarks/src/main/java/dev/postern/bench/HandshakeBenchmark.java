package dev.postern.bench;

import dev.postern.session.Accepted;
import dev.postern.session.ClientHandshake;
import dev.postern.session.Established;
import dev.postern.session.HandshakeFailed;
import dev.postern.session.HandshakeRefused;
import dev.postern.session.Suite;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// A handshake's three steps apart, and the whole, beside the HPKE of it by Conscrypt alone: two encapsulations, two
/// decapsulations, a new key pair.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 10, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgs = {"--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-Xmx512m"})
public class HandshakeBenchmark {

    @Param({"X_WING", "X25519"})
    private Suite suite = Suite.X_WING;

    private SealedPeers peers = peers();
    private BareHpke hpke = BareHpke.of(suite);
    private byte[] open = {};

    /// The clock stands: a challenge stays as good as new.
    private SealedPeers peers() {
        return new SealedPeers(suite, Clock.fixed(MintedTokens.NOW, ZoneOffset.UTC));
    }

    @Setup
    public void begin() throws HandshakeFailed {
        peers = peers();
        hpke = BareHpke.of(suite);
        open = peers.offer().message();
    }

    @Benchmark
    public ClientHandshake clientOffers() throws HandshakeFailed {
        return peers.offer();
    }

    @Benchmark
    public Accepted relayAnswers() throws HandshakeRefused {
        return peers.answer(open);
    }

    /// An answer to take; it can be taken once.
    @State(Scope.Thread)
    @SuppressWarnings("NullAway.Init")
    public static class Answered {
        private ClientHandshake client;
        private byte[] accept = {};

        @Setup(Level.Invocation)
        public void exchange(HandshakeBenchmark benchmark) throws HandshakeFailed, HandshakeRefused {
            client = benchmark.peers.offer();
            accept = benchmark.peers.answer(client.message()).message();
        }
    }

    @Benchmark
    public Established clientFinishes(Answered answered) throws HandshakeFailed {
        return answered.client.accept(answered.accept);
    }

    @Benchmark
    public Established whole() throws HandshakeFailed, HandshakeRefused {
        ClientHandshake client = peers.offer();
        return client.accept(peers.answer(client.message()).message());
    }

    @Benchmark
    public byte[] bareHpke() throws GeneralSecurityException {
        return hpke.exchange();
    }
}

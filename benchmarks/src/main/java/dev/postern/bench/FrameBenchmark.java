package dev.postern.bench;

import dev.postern.session.Chunk;
import dev.postern.session.ContentType;
import dev.postern.session.Received;
import dev.postern.session.SealedSession;
import dev.postern.session.Suite;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/// One frame of a live session, sealed by the relay and opened by the client, with everything the protocol asks for:
/// clock, limits, key updates, header, padding, replay window, order.
///
/// Beside it what no sealing can do without: the JDK's AES-256-GCM over the same padded octets with 44 octets of
/// associated data and a new nonce each time, which returns a new array as sealing and opening do. Further the same
/// into an array that is there already, which shows what a new array costs, and over the content alone, which shows
/// what padding costs.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgs = {"--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-Xmx512m"})
public class FrameBenchmark {

    /// A frame opens once: so many are sealed before each call, and opened in it.
    private static final int BATCH = 64;

    @Param({"64", "1024", "8192"})
    private int content;

    private byte[] plain = {};
    private SealedPeers.Ends ends = ends();
    private int stream;
    private final ByteBuffer[] sealed = new ByteBuffer[BATCH];

    private BareCipher padded = BareCipher.of(0);
    private BareCipher unpadded = BareCipher.of(0);
    private BareCipher[] opened = {};

    private static SealedPeers.Ends ends() {
        return new SealedPeers(Suite.X25519, Clock.systemUTC()).session();
    }

    @Setup
    public void begin() throws GeneralSecurityException {
        plain = new byte[content];
        stream = ends.client().openStream();
        ends.client()
                .seal(stream, plain, ContentType.JSON, Chunk.LAST)
                .forEach(frame -> ends.relay().receive(frame));
        byte[] first = sealFrame();
        ends.client().receive(first);
        int bucket = first.length - BareCipher.HEADER - BareCipher.TAG;
        padded = BareCipher.of(bucket);
        unpadded = BareCipher.of(content);
        opened = new BareCipher[BATCH];
        for (int i = 0; i < BATCH; i++) {
            opened[i] = BareCipher.of(bucket);
            opened[i].sealInto();
        }
    }

    /// The frame itself; a key update, once in 65,536 frames, comes before it.
    private byte[] sealFrame() {
        List<byte[]> frames = ends.relay().seal(stream, plain, ContentType.JSON, Chunk.MORE);
        if (frames.size() > 1) {
            ends.client().receive(frames.getFirst());
        }
        return frames.getLast();
    }

    @Benchmark
    public byte[] seal() {
        return sealFrame();
    }

    /// Frames to open.
    @State(Scope.Thread)
    public static class Arriving {
        @Setup(Level.Invocation)
        public void seal(FrameBenchmark benchmark) {
            for (int i = 0; i < BATCH; i++) {
                benchmark.sealed[i] = ByteBuffer.wrap(benchmark.sealFrame());
            }
        }
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void open(Arriving arriving, Blackhole done) {
        SealedSession client = ends.client();
        for (ByteBuffer frame : sealed) {
            if (!(client.receive(frame) instanceof Received.Delivered delivered)) {
                throw new IllegalStateException("not delivered");
            }
            done.consume(delivered);
        }
    }

    @Benchmark
    public byte[] bareSeal() throws GeneralSecurityException {
        return padded.seal();
    }

    @Benchmark
    public byte[] bareSealInto() throws GeneralSecurityException {
        return padded.sealInto();
    }

    @Benchmark
    public byte[] bareSealUnpadded() throws GeneralSecurityException {
        return unpadded.seal();
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void bareOpen(Blackhole done) throws GeneralSecurityException {
        for (BareCipher frame : opened) {
            done.consume(padded.open(frame));
        }
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void bareOpenInto(Blackhole done) throws GeneralSecurityException {
        for (BareCipher frame : opened) {
            done.consume(padded.openInto(frame));
        }
    }
}

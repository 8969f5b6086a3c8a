package dev.postern.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// What somebody without keys says about lengths costs no memory: the JVM's own count of this thread's allocations.
final class AllocationTest {
    private static final int LARGEST = FrameHeader.MAX_PLAINTEXT + FrameHeader.TAG_LENGTH;
    private static final int CALLS = 1_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final TestPeers peers = new TestPeers(Suite.X25519);
    private final TestPeers.SessionPair pair = peers.session();
    private final byte[] frame = pair.client()
            .seal(pair.client().openStream(), new byte[100], ContentType.BYTES, Chunk.MORE)
            .getFirst();

    @Test
    void aHeaderThatPromisesTheLargestFrameAllocatesNothingForIt() {
        byte[] promise = Arrays.copyOf(frame, FrameHeader.LENGTH + 17);
        ByteBuffer.wrap(promise).putInt(40, LARGEST);
        assertThat(allocatedByEach(() -> dropped(promise, DropReason.MALFORMED)))
                .isLessThan(LARGEST / 16);
    }

    @Test
    void aLengthOverTheLimitAllocatesNothing() {
        byte[] boast = frame.clone();
        ByteBuffer.wrap(boast).putInt(40, Integer.MAX_VALUE);
        assertThat(allocatedByEach(() -> dropped(boast, DropReason.TOO_LARGE))).isLessThan(LARGEST / 16);
    }

    /// Such frames did arrive whole; opening them takes place in memory that the next one uses again.
    @Test
    void forgedFramesOfTheLargestSizeKeepNothing() {
        byte[] forged = Arrays.copyOf(frame, FrameHeader.LENGTH + LARGEST);
        ByteBuffer.wrap(forged).putInt(40, LARGEST);
        assertThat(allocatedByEach(() -> dropped(forged, DropReason.BAD_TAG))).isLessThan(LARGEST / 2);
    }

    @Test
    void anOffersPromisesAllocateNothing() {
        byte[] body = ByteBuffer.allocate(64)
                .putShort((short) 32)
                .put(new byte[32])
                .putInt(Integer.MAX_VALUE - 8)
                .array();
        assertThat(allocatedByEach(() -> {
                    try {
                        OpenBody.parse(Suite.X25519, body);
                        throw new AssertionError("a length beyond the end was believed");
                    } catch (MalformedContent expected) {
                        assertThat(expected).isNotNull();
                    }
                }))
                .isLessThan(LARGEST);
    }

    private void dropped(byte[] octets, DropReason reason) {
        Received received = pair.relay().receive(octets);
        if (!(received instanceof Received.Dropped(DropReason dropped)) || dropped != reason) {
            throw new AssertionError(received);
        }
    }

    private long allocatedByEach(Runnable call) {
        for (int i = 0; i < CALLS; i++) {
            call.run();
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < CALLS; i++) {
            call.run();
        }
        return (threads.getCurrentThreadAllocatedBytes() - before) / CALLS;
    }
}

package dev.postern.gateway.routing;

import java.util.Arrays;
import java.util.Optional;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;

/// Collects a body up to its limit; what comes beyond is read and thrown away, so that the client gets to read why.
///
/// Memory grows with what arrives, never with what is announced. For one request, one call at a time.
final class BodyCollector {
    private static final int FIRST = 16 * 1024;

    private final int limit;
    private final BodyBudget.Lease lease;
    private byte[] bytes;
    private int length;
    private long seen;

    /// @param announced the Content-Length, negative when there is none
    BodyCollector(int limit, long announced, BodyBudget.Lease lease) {
        this.limit = limit;
        this.lease = lease;
        this.bytes =
                new byte[announced < 0 ? Math.min(limit, FIRST) : (int) Math.min(announced, Math.min(limit, FIRST))];
    }

    /// Takes one buffer and releases it; fails with `Refused` when the process keeps too many bodies already.
    BodyCollector add(DataBuffer buffer) {
        try {
            int more = buffer.readableByteCount();
            seen += more;
            if (seen <= limit) {
                lease.take(more);
                if (length + more > bytes.length) {
                    bytes = Arrays.copyOf(bytes, Math.clamp(2L * bytes.length, length + more, limit));
                }
                buffer.read(bytes, length, more);
                length += more;
            } else {
                bytes = new byte[0];
            }
            return this;
        } finally {
            DataBufferUtils.release(buffer);
        }
    }

    /// Octets that arrived, kept or not.
    long seen() {
        return seen;
    }

    /// The body, or nothing when it was over the limit. No copy when it came in one piece of the announced length.
    Optional<byte[]> body() {
        if (seen > limit) {
            return Optional.empty();
        }
        return Optional.of(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
    }
}

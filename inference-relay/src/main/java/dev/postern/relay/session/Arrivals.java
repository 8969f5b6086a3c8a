package dev.postern.relay.session;

import dev.postern.relay.problem.FailureCode;
import dev.postern.relay.problem.RequestRefused;
import dev.postern.session.Received;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// The requests of one session that have not arrived whole, within what a session and the replica may hold of such.
/// Confined to the session's event loop.
final class Arrivals {
    private final SessionProperties properties;
    private final ByteBudget budget;
    private final LongSupplier nanoTime;
    private final Map<Integer, RequestAssembly> byStream = new HashMap<>();

    Arrivals(SessionProperties properties, ByteBudget budget, LongSupplier nanoTime) {
        this.properties = properties;
        this.budget = budget;
        this.nanoTime = nanoTime;
    }

    /// Takes one more chunk; gives the request when that was its last. A request that is refused is forgotten.
    Optional<byte[]> add(Received.Delivered chunk) throws RequestRefused {
        int stream = chunk.stream();
        RequestAssembly assembly = byStream.computeIfAbsent(
                stream, _ -> new RequestAssembly(properties.maxRequestBytes(), budget, nanoTime.getAsLong()));
        Optional<byte[]> whole = Optional.empty();
        boolean more = false;
        try {
            whole = assembly.add(chunk);
            if (whole.isEmpty() && bytes() > properties.maxAssemblyBytes()) {
                throw new RequestRefused(FailureCode.OVERLOADED);
            }
            more = whole.isEmpty();
        } finally {
            if (!more) {
                forget(stream);
            }
        }
        return whole;
    }

    private long bytes() {
        long sum = 0;
        for (RequestAssembly assembly : byStream.values()) {
            sum += assembly.bytes();
        }
        return sum;
    }

    void forget(int stream) {
        RequestAssembly assembly = byStream.remove(stream);
        if (assembly != null) {
            assembly.release();
        }
    }

    /// The streams of those that took too long, which are forgotten.
    List<Integer> forgetStalled() {
        long now = nanoTime.getAsLong();
        long limit = properties.assemblyTimeout().toNanos();
        List<Integer> stalled = new ArrayList<>();
        byStream.forEach((stream, assembly) -> {
            if (now - assembly.begun() > limit) {
                stalled.add(stream);
            }
        });
        stalled.forEach(this::forget);
        return stalled;
    }

    boolean isEmpty() {
        return byStream.isEmpty();
    }

    void forgetAll() {
        List.copyOf(byStream.keySet()).forEach(this::forget);
    }
}

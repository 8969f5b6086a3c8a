package dev.postern.gateway.routing;

import io.netty.channel.Channel;
import java.util.concurrent.atomic.AtomicInteger;

/// Closes connections over the limit before they cost a TLS handshake. Thread-safe.
final class ConnectionLimit {
    private final int most;
    private final AtomicInteger open = new AtomicInteger();

    ConnectionLimit(int most) {
        this.most = most;
    }

    void admit(Channel accepted) {
        boolean tooMany = open.incrementAndGet() > most;
        var _ = accepted.closeFuture().addListener(_ -> open.decrementAndGet());
        if (tooMany) {
            var _ = accepted.close();
        }
    }
}

package dev.postern.trust;

import dev.postern.redis.RedisLink;
import dev.postern.token.IdentityTrust;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;

/// Follows the key-rotation-service's feed alone: for the service that decides what the other feed says.
///
/// Guarantee: what is heard was signed by the publisher, in its order, and never goes back. Non-guarantee: that it is
/// heard. Its silence costs freshness only.
public final class KeyStateFollower implements AutoCloseable {
    private final StreamReader stream;

    private KeyStateFollower(StreamReader stream) {
        this.stream = stream;
    }

    /// Starts following and returns at once.
    ///
    /// @param trust in the platform's certificates, at each moment
    /// @param listener called on the feed's own thread; it must hand over and return
    public static KeyStateFollower follow(
            URI publisher,
            RedisLink redis,
            IdentityTrust trust,
            Duration skew,
            Clock clock,
            Consumer<KeyStates> listener) {
        TrustBoard board = new TrustBoard(clock);
        board.onKeyStates(listener);
        FeedReader reader = new FeedReader(
                publisher, change -> change instanceof KeyStates, trust, board, skew, clock, System::nanoTime);
        StreamReader stream = new StreamReader(redis, publisher, reader, () -> {});
        stream.start();
        return new KeyStateFollower(stream);
    }

    @Override
    public void close() {
        stream.close();
    }
}

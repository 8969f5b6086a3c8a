package dev.postern.client;

import java.time.Duration;

/// What does not depend on the platform.
///
/// @param patience for a connection, and for ACCEPT
/// @param stall how long one answer may hold up the others: less than the 5 s for which a relay takes frames under
/// keys it has replaced, since a client that does not read does not hear of new ones
/// @param ahead how long before its end a session is replaced
/// @param firstDelay after a first failure to open; doubled at each further one
/// @param maxDelay and at most this
/// @param attempts to open a session before a request fails, and to send it
/// @param streams asked for in a session
/// @param unread octets of one answer that wait for their reader before nothing more is taken from the connection
/// @param maxMessage the longest answer, or event of one
record Settings(
        Duration patience,
        Duration stall,
        Duration ahead,
        Duration firstDelay,
        Duration maxDelay,
        int attempts,
        int streams,
        int unread,
        int maxMessage) {
    static final Settings DEFAULT = new Settings(
            Duration.ofSeconds(10),
            Duration.ofSeconds(3),
            Duration.ofSeconds(30),
            Duration.ofMillis(200),
            Duration.ofSeconds(10),
            4,
            64,
            1 << 20,
            32 << 20);

    Settings withUnread(int octets, Duration time) {
        return new Settings(patience, time, ahead, firstDelay, maxDelay, attempts, streams, octets, maxMessage);
    }

    Settings withAhead(Duration time) {
        return new Settings(patience, stall, time, firstDelay, maxDelay, attempts, streams, unread, maxMessage);
    }

    Settings withDelays(Duration first, Duration most) {
        return new Settings(patience, stall, ahead, first, most, attempts, streams, unread, maxMessage);
    }
}

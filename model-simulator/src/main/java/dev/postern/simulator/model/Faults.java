package dev.postern.simulator.model;

import java.time.Duration;
import tools.jackson.databind.JsonNode;

/// What goes wrong with the next answers.
///
/// @param firstByteDelay wait before anything is sent
/// @param pieceDelay wait before each streamed piece
/// @param status answer with this error instead, 0 for none
/// @param cutAfter break the connection after this many streamed pieces (or before a whole document), -1 for never
/// @param remaining the number of answers that this still applies to
record Faults(Duration firstByteDelay, Duration pieceDelay, int status, int cutAfter, int remaining) {
    static Faults none(Duration pieceDelay) {
        return new Faults(Duration.ZERO, pieceDelay, 0, -1, Integer.MAX_VALUE);
    }

    /// Reads `{"first_byte_delay_ms","piece_delay_ms","status","cut_after","remaining"}`, each optional.
    static Faults parse(JsonNode body) {
        return new Faults(
                Duration.ofMillis(body.path("first_byte_delay_ms").asLong(0)),
                Duration.ofMillis(body.path("piece_delay_ms").asLong(0)),
                body.path("status").asInt(0),
                body.path("cut_after").asInt(-1),
                body.path("remaining").asInt(Integer.MAX_VALUE));
    }

    Faults used() {
        return remaining == Integer.MAX_VALUE
                ? this
                : new Faults(firstByteDelay, pieceDelay, status, cutAfter, remaining - 1);
    }
}

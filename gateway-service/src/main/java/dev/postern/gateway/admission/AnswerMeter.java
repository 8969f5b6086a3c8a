package dev.postern.gateway.admission;

import dev.postern.gateway.problem.Failure;
import java.util.Optional;

/// Watches one answer go by and says at its end what the request is charged for. Thread-safe: an answer comes on one
/// thread and is cancelled on another.
///
/// What the model reports counts. Where it reports nothing:
/// - a request that never left is charged nothing;
/// - nor is one of which nothing came back, when its failure certainly comes before any model worked on it, or is that
/// of
///   the model's server itself, which no caller can bring about;
/// - a stream is charged the estimated prompt and, for what was seen of it, the larger of one token for each event and
///   its octets beyond those that each event has (the length of the shortest) by `bytes-per-token`;
/// - a whole document is charged the estimated prompt and its octets by `bytes-per-token`;
/// - a document that nobody saw, because it was cancelled or broke off, is charged as reserved: the model may have
///   written all of it, and hanging up must not be a way not to pay.
final class AnswerMeter {
    /// On what a charge is based; a closed set, safe as a metric tag.
    enum Basis {
        REPORTED,
        COUNTED,
        RESERVED,
        NOTHING
    }

    /// @param prompt tokens in
    record Charge(Basis basis, long prompt, long output) {}

    private final Estimate estimate;
    private final int bytesPerToken;
    private final boolean streamed;
    private final boolean dropsUsage;
    private Optional<ReportedUsage> reported = Optional.empty();
    private boolean sent;
    private boolean refused;
    private long events;
    private long octets;
    private long shortest = Long.MAX_VALUE;

    /// @param dropsUsage whether the event that only reports usage is not the client's: it did not ask for it
    AnswerMeter(Estimate estimate, int bytesPerToken, boolean streamed, boolean dropsUsage) {
        this.estimate = estimate;
        this.bytesPerToken = bytesPerToken;
        this.streamed = streamed;
        this.dropsUsage = dropsUsage;
    }

    /// The request is on its way to a relay.
    synchronized void sent() {
        sent = true;
    }

    /// Takes note of a document or event; whether it is for the client.
    synchronized boolean pass(byte[] json) {
        if (json.length == 0) {
            return true;
        }
        Optional<ReportedUsage> usage = ReportedUsage.find(json);
        if (usage.isPresent()) {
            reported = usage;
            if (usage.get().alone()) {
                return !dropsUsage;
            }
        }
        events++;
        octets += json.length;
        shortest = Math.min(shortest, json.length);
        return true;
    }

    synchronized void failed(Failure failure) {
        refused = isFree(failure);
    }

    synchronized Charge charge() {
        if (reported.isPresent()) {
            return new Charge(
                    Basis.REPORTED, reported.get().prompt(), reported.get().output());
        }
        if (!sent || (refused && events == 0)) {
            return new Charge(Basis.NOTHING, 0, 0);
        }
        if (streamed) {
            long beyond = events == 0 ? 0 : octets - events * shortest;
            return new Charge(
                    Basis.COUNTED, estimate.prompt(), Math.max(events, Estimate.tokens(beyond, bytesPerToken)));
        }
        return events == 0
                ? new Charge(Basis.RESERVED, estimate.prompt(), estimate.output())
                : new Charge(Basis.COUNTED, estimate.prompt(), output());
    }

    private long output() {
        return estimate.output() == 0 ? 0 : Estimate.tokens(octets, bytesPerToken);
    }

    /// Whether a failure says that no model worked on the request, or that its server failed. What a relay says before
    /// as well as after the model worked does not: an expired token, a session that was taken back.
    private static boolean isFree(Failure failure) {
        return switch (failure) {
            case BAD_REQUEST,
                    TOO_LARGE,
                    UNKNOWN_MODEL,
                    MODEL_REJECTED,
                    MODEL_UNPROCESSABLE,
                    MODEL_BUSY,
                    OVERLOADED,
                    REDACTION_UNAVAILABLE,
                    REVOCATION_UNAVAILABLE,
                    RELAY_UNAVAILABLE,
                    UPSTREAM_UNAVAILABLE -> true;
            default -> false;
        };
    }
}

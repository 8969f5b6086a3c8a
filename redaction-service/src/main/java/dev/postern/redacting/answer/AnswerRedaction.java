package dev.postern.redacting.answer;

import dev.postern.redact.detection.Detection;
import dev.postern.redact.entity.Entity;
import dev.postern.redact.stream.RedactingStream;
import dev.postern.redact.stream.StreamRedaction;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Leaves out of one answer what its policy says, and counts it. One thread.
public final class AnswerRedaction {
    private final StreamRedaction streams;
    private final LivePseudonyms live;
    private final Map<String, Integer> removed = new TreeMap<>();

    private AnswerRedaction(StreamRedaction streams, LivePseudonyms live) {
        this.streams = streams;
        this.live = live;
    }

    /// Opens the redaction of answers. Safe for any number of threads.
    public static final class Opener {
        private final Optional<StreamRedaction> streams;

        public Opener(Detection detection, AnswerPolicy policy) {
            this.streams = policy.redactsNothing() ? Optional.empty() : Optional.of(detection.streams(policy::redacts));
        }

        /// For one answer; empty when everything is kept.
        public Optional<AnswerRedaction> open(LivePseudonyms live) {
            return streams.map(found -> new AnswerRedaction(found, live));
        }
    }

    /// A text of its own.
    ///
    /// @param key the JSON key it stands under, or empty
    RedactingStream text(String key) {
        return streams.open(key, live, this::standIn);
    }

    /// A name that a program gave: no names of people are looked for.
    RedactingStream name() {
        return streams.openName(live, this::standIn);
    }

    /// Entity name to number of values that were left out so far.
    Map<String, Integer> removed() {
        return removed;
    }

    private String standIn(Entity entity) {
        removed.merge(entity.name(), 1, Integer::sum);
        return "[" + entity.name() + " removed]";
    }
}

package dev.postern.redact.detection;

import dev.postern.redact.entity.Action;
import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Span;
import dev.postern.redact.scan.Overlaps;
import java.util.List;
import java.util.OptionalDouble;

/// What is looked for in a text, and which match wins where several overlap. Immutable; safe for any number of threads.
public interface Selection {
    /// What the rule packs hide when nobody says otherwise.
    Selection STANDARD = new Selection() {
        @Override
        public boolean wants(Entity entity) {
            return entity.action() != Action.KEEP;
        }

        @Override
        public int precedence(Entity entity) {
            return Overlaps.standardPrecedence(entity);
        }
    };

    boolean wants(Entity entity);

    /// The higher goes first: what it meets becomes part of it.
    int precedence(Entity entity);

    /// The lowest score that any entity is wanted with; the engine's own when empty.
    default OptionalDouble lowestScore() {
        return OptionalDouble.empty();
    }

    /// Whether a match of a wanted entity is sure enough.
    default boolean sureEnough(Span span) {
        return true;
    }

    /// The language of the texts as ISO 639-1, or empty.
    default String language() {
        return "";
    }

    /// Takes out what is never hidden and adds what always is.
    ///
    /// @param text as matched; the spans are offsets into it
    default void edit(String text, List<Span> found) {}

    /// Takes out what is never hidden.
    default void allow(String text, List<Span> found) {}
}

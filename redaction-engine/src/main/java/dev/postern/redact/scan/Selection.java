package dev.postern.redact.scan;

import dev.postern.redact.entity.Action;
import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Span;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Predicate;

/// What is looked for in a text, and which match wins where several overlap. Immutable; safe for any number of threads.
///
/// Values may be listed: some are never hidden, others always are. Texts are given as they are matched, so are offsets.
public interface Selection {
    /// What the rule packs hide when nobody says otherwise.
    Selection STANDARD = of(entity -> entity.action() != Action.KEEP);

    /// The wanted entities, secrets first.
    static Selection of(Predicate<Entity> wanted) {
        return new Selection() {
            @Override
            public boolean wants(Entity entity) {
                return wanted.test(entity);
            }

            @Override
            public int precedence(Entity entity) {
                return Overlaps.standardPrecedence(entity);
            }
        };
    }

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

    /// The languages that the texts may be in, as ISO 639-1; none when not known.
    default Set<String> languages() {
        return Set.of();
    }

    /// Takes out what is never hidden and adds what always is: listed values that lie between two places.
    default void edit(String text, int from, int to, List<Span> found) {}

    /// Takes out what is never hidden.
    default void allow(String text, List<Span> found) {}

    /// Has a look at a text that may go on keep listed values whole, and hold those that may have begun.
    ///
    /// @param from where the undecided text begins
    default void hold(String text, int from, Look look) {}

    /// Whether a whole value, whose key says what it is, is never hidden.
    default Allowed allowed(String value) {
        return Allowed.NO;
    }

    /// What lists say of a value of which more may come.
    enum Allowed {
        NO,
        /// When more of it comes.
        NOT_YET,
        /// If nothing more comes.
        YES
    }
}

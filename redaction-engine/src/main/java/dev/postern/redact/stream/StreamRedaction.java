package dev.postern.redact.stream;

import dev.postern.redact.entity.Entity;
import dev.postern.redact.name.NameDetector;
import dev.postern.redact.scan.GrowingScanner;
import dev.postern.redact.scan.KeyWords;
import dev.postern.redact.scan.Remembered;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Opens [RedactingStream]s that look for the same. Immutable; safe for any number of threads.
public final class StreamRedaction {
    private final GrowingScanner rules;
    private final NameDetector names;
    private final Map<String, Entity> keys;
    private final Predicate<Entity> wanted;
    private final GrowingScanner.Scope unkeyed;

    /// Of the rules and names that are wanted.
    ///
    /// @param rules those of wanted entities
    /// @param keys the JSON keys, as words, whose whole value is an entity
    /// @param wanted what is left out
    public StreamRedaction(
            GrowingScanner rules, NameDetector names, Map<String, Entity> keys, Predicate<Entity> wanted) {
        this.rules = rules;
        this.names = names;
        this.keys = Map.copyOf(keys);
        this.wanted = wanted;
        this.unkeyed = rules.scope("");
    }

    /// A text of its own.
    ///
    /// @param key the JSON key it stands under, or empty
    public RedactingStream open(String key, Opaque opaque, StandIn standIn) {
        String words = KeyWords.of(key);
        Entity whole = keys.get(words);
        boolean named = names.entities().stream().anyMatch(wanted);
        Subject subject = new Subject(
                words.isEmpty() ? unkeyed : rules.scope(words),
                rules.nothingYet(),
                named ? new PendingNames(names, wanted, words) : null,
                opaque,
                standIn);
        return new RedactingStream(
                subject, whole != null && wanted.test(whole) ? new WholeValue(whole, opaque, standIn) : null);
    }

    /// A name that a program gave: all kinds but the names of people, which look alike.
    public RedactingStream openName(Opaque opaque, StandIn standIn) {
        return new RedactingStream(new Subject(unkeyed, rules.nothingYet(), null, opaque, standIn), null);
    }

    /// What one stream looks for, what it knows, and what it puts in a value's place.
    ///
    /// @param names null when none are looked for
    record Subject(
            GrowingScanner.Scope rules,
            Remembered remembered,
            @Nullable PendingNames names,
            Opaque opaque,
            StandIn standIn) {}
}

package dev.postern.redacting.detection;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds sensitive values in one decoded text. Immutable; safe for any number of threads.
///
/// Guarantee: spans are disjoint, in text order, and the same for the same input. Time is linear in the text.
/// Not guaranteed: that every value is found. Nothing it returns or throws holds text.
public final class Detection {
    private static final double THRESHOLD = 0.5;

    private final RulePack pack;
    private final RuleDetector rules;
    private final NameDetector names;

    private Detection(RulePack pack) {
        this.pack = pack;
        this.rules = new RuleDetector(pack.rules(), THRESHOLD);
        this.names = new NameDetector(pack.entity("PERSON"), NameLists.standard());
    }

    /// The built-in pack.
    public static Detection standard() {
        return new Detection(RulePackReader.read(Resources.bytes("rules.yml")));
    }

    /// The sensitive values of a text.
    ///
    /// @param key the JSON key the text stands under, or empty. A key such as `ssn` is context;
    ///     the whole value of a key such as `password` is sensitive.
    public List<Span> detect(String text, String key) {
        if (text.isBlank()) {
            return List.of();
        }
        Entity whole = pack.keys().get(KeyWords.of(key));
        if (whole != null) {
            return List.of(new Span(0, text.length(), whole, 1));
        }
        List<Span> found = new ArrayList<>();
        ScannedText scanned = ScannedText.of(text, key);
        rules.detect(scanned, found);
        names.detect(scanned, found);
        return Overlaps.resolve(found);
    }

    /// The sensitive values of a name that a program gave: all kinds but the names of people, which look alike.
    public List<Span> detectInName(String name) {
        List<Span> found = new ArrayList<>();
        rules.detect(ScannedText.of(name, ""), found);
        return Overlaps.resolve(found);
    }

    /// [#detect] together with exact occurrences of values known from elsewhere in the prompt or the conversation.
    public List<Span> withKnown(String text, List<Span> detected, KnownValues known) {
        List<Span> all = new ArrayList<>(detected);
        known.find(text, all);
        return all.size() == detected.size() ? detected : Overlaps.resolve(all);
    }

    /// The values worth looking for elsewhere once they were found here.
    public KnownValues known(Map<String, Entity> values) {
        return KnownValues.of(values, names);
    }

    public Entity entity(String name) {
        return pack.entity(name);
    }

    public Optional<Entity> findEntity(String name) {
        return Optional.ofNullable(pack.entities().get(name));
    }

    public Collection<Entity> entities() {
        return pack.entities().values();
    }

    RulePack pack() {
        return pack;
    }
}

package dev.postern.redact.detection;

import dev.postern.redact.entity.Action;
import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Span;
import dev.postern.redact.name.NameDetector;
import dev.postern.redact.name.NameKind;
import dev.postern.redact.pack.RulePack;
import dev.postern.redact.pack.RulePackReader;
import dev.postern.redact.scan.Alternatives;
import dev.postern.redact.scan.KeyWords;
import dev.postern.redact.scan.Overlaps;
import dev.postern.redact.scan.RuleScanner;
import dev.postern.redact.scan.ScannedText;
import dev.postern.redact.stream.StreamRedaction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// Finds sensitive values in one decoded text. Immutable; safe for any number of threads.
///
/// Guarantee: spans are in text order, and the same for the same input. Time is linear in the text.
/// Not guaranteed: that every value is found. Nothing it returns or throws holds text.
public final class Detection {
    private static final double THRESHOLD = 0.5;

    private final RulePack pack;
    private final RuleScanner rules;
    private final NameDetector names;

    private Detection(RulePack pack, double threshold) {
        this.pack = pack;
        this.rules = RuleScanner.portable(pack.rules(), threshold);
        this.names = NameDetector.standard(
                Map.of(
                        NameKind.PERSON, pack.entity("PERSON"),
                        NameKind.LOCATION, pack.entity("LOCATION"),
                        NameKind.ORGANIZATION, pack.entity("ORGANIZATION"),
                        NameKind.NRP, pack.entity("NRP"),
                        NameKind.ADDRESS, pack.entity("STREET_ADDRESS")),
                threshold);
    }

    /// The built-in packs.
    public static Detection standard() {
        return new Detection(RulePackReader.standard(), THRESHOLD);
    }

    /// The built-in packs, reporting what is at least so sure.
    public static Detection standard(double threshold) {
        return new Detection(RulePackReader.standard(), threshold);
    }

    /// The sensitive values of a text that are hidden unless a policy says otherwise: disjoint spans.
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
        ScannedText scanned = ScannedText.of(text, key, "");
        List<Span> found = new ArrayList<>(rules.scan(scanned, RuleScanner.Surroundings.ARE_KNOWN, Detection::hidden));
        names.detect(scanned, found);
        found.removeIf(span -> !hidden(span.entity()));
        return given(scanned, Overlaps.resolve(found));
    }

    /// The sensitive values of a name that a program gave: all kinds but the names of people, which look alike.
    public List<Span> detectInName(String name) {
        ScannedText scanned = ScannedText.of(name, "", "");
        return given(
                scanned, Overlaps.resolve(rules.scan(scanned, RuleScanner.Surroundings.ARE_KNOWN, Detection::hidden)));
    }

    /// Everything that a text holds, also what is seldom hidden. Spans are disjoint, but for values that may be of more
    /// than one kind: those are reported once for each, the surest first.
    ///
    /// @param language the text's language as ISO 639-1, or empty
    public List<Span> analyze(String text, String language) {
        if (text.isBlank()) {
            return List.of();
        }
        ScannedText scanned = ScannedText.of(text, "", language);
        List<Span> found = new ArrayList<>(rules.scan(scanned, RuleScanner.Surroundings.MAY_BE_ABSENT, _ -> true));
        names.detect(scanned, found);
        return given(scanned, Alternatives.resolve(found));
    }

    /// Leaves values out of texts that arrive piece by piece. Costly to make: once for each choice of what is wanted.
    ///
    /// @param wanted what is left out
    public StreamRedaction streams(Predicate<Entity> wanted) {
        return new StreamRedaction(rules.growing(wanted), names, pack.keys(), wanted);
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

    private static boolean hidden(Entity entity) {
        return entity.action() != Action.KEEP;
    }

    private static List<Span> given(ScannedText scanned, List<Span> spans) {
        return spans.stream()
                .map(span ->
                        new Span(scanned.start(span.start()), scanned.end(span.end()), span.entity(), span.score()))
                .toList();
    }
}

package dev.postern.redact.detection;

import dev.postern.redact.entity.Action;
import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Span;
import dev.postern.redact.name.NameDetector;
import dev.postern.redact.name.NameKind;
import dev.postern.redact.pack.InvalidRulePack;
import dev.postern.redact.pack.RulePack;
import dev.postern.redact.pack.RulePackReader;
import dev.postern.redact.scan.Alternatives;
import dev.postern.redact.scan.KeyWords;
import dev.postern.redact.scan.Overlaps;
import dev.postern.redact.scan.RuleScanner;
import dev.postern.redact.scan.ScannedText;
import dev.postern.redact.scan.ScannerChoice;
import dev.postern.redact.scan.ScannerInUse;
import dev.postern.redact.scan.Selection;
import dev.postern.redact.stream.StreamRedaction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Finds sensitive values in one decoded text. Immutable; safe for any number of threads.
///
/// Guarantee: spans are in text order, and the same for the same input. Time is linear in the text.
/// Not guaranteed: that every value is found. Nothing it returns or throws holds text.
public final class Detection {
    private final RulePack pack;
    private final double threshold;
    private final RuleScanner rules;
    private final NameDetector names;

    private Detection(RulePack pack, double threshold, RuleScanner rules, NameDetector names) {
        this.pack = pack;
        this.threshold = threshold;
        this.rules = rules;
        this.names = names;
    }

    private static Detection of(RulePack pack, DetectionSettings settings) {
        double threshold = settings.threshold();
        RuleScanner rules = RuleScanner.of(pack.rules(), threshold, settings.scanner());
        Map<NameKind, Entity> kinds = Map.of(
                NameKind.PERSON, pack.entity("PERSON"),
                NameKind.LOCATION, pack.entity("LOCATION"),
                NameKind.ORGANIZATION, pack.entity("ORGANIZATION"),
                NameKind.NRP, pack.entity("NRP"),
                NameKind.ADDRESS, pack.entity("STREET_ADDRESS"));
        NameDetector names = settings.nameModel()
                .map(directory -> NameDetector.running(directory, kinds, threshold))
                .orElseGet(() -> NameDetector.standard(kinds, threshold));
        return new Detection(pack, threshold, rules, names);
    }

    /// The built-in packs.
    public static Detection standard() {
        return standard(ScannerChoice.AUTO);
    }

    /// The built-in packs.
    ///
    /// @throws IllegalStateException when the native scanner is demanded and cannot be used; the message says why
    public static Detection standard(ScannerChoice choice) {
        return standard(DetectionSettings.STANDARD.withScanner(choice));
    }

    /// The built-in packs, and those of one's own that the settings name.
    ///
    /// @throws IllegalStateException when the native scanner is demanded and cannot be used; the message says why
    /// @throws dev.postern.redact.name.UnusableNameModel when the model of names cannot be used
    /// @throws InvalidRulePack when a pack cannot be used; the message says which and why
    public static Detection standard(DetectionSettings settings) {
        if (settings.packs().isEmpty()) {
            return of(RulePackReader.standard(), settings);
        }
        OwnPacks own = OwnPacks.read(settings.packs());
        Detection detection = of(own.pack(), settings);
        own.check(detection);
        return detection;
    }

    /// This engine, which is shared, and what a tenant's own pack adds to it.
    ///
    /// A key that means something here already goes on meaning that.
    ///
    /// @param pack as `docs/redaction.md` shows it, held to a tenant's limits
    /// @throws InvalidRulePack when it cannot be used; the message says why
    public Detection with(JsonNode pack) {
        return with(RulePackReader.own(this.pack, pack));
    }

    /// The same for a pack that is new: its examples are tried, and no key may mean something here already.
    ///
    /// @throws InvalidRulePack when it cannot be used; the message says why
    public Detection withNew(JsonNode pack) {
        RulePack own = RulePackReader.own(this.pack, pack);
        own.entities().values().forEach(this::requireKindOfItsOwn);
        own.keys().keySet().stream()
                .filter(this.pack.keys()::containsKey)
                .sorted()
                .findFirst()
                .ifPresent(key -> {
                    throw new InvalidRulePack("the key \"" + key + "\" means an entity already");
                });
        Detection detection = with(own);
        own.rules().forEach(rule -> Examples.check(rule, detection));
        return detection;
    }

    /// Policies name kinds, and rule packs to come may give theirs to secrets.
    private void requireKindOfItsOwn(Entity entity) {
        boolean taken = entity.kind().equals("SECRET")
                || entities().stream().anyMatch(other -> other.kind().equals(entity.kind()));
        if (taken) {
            throw new InvalidRulePack("the kind " + entity.kind() + " of entity " + entity.name()
                    + " is another's: choose one, or have its rules find the entity that there is");
        }
    }

    private Detection with(RulePack own) {
        return new Detection(pack.and(own), threshold, rules.with(own.rules()), names);
    }

    /// Which scanner this engine runs on, and why.
    public ScannerInUse scanner() {
        return rules.inUse();
    }

    /// The sensitive values of a text that are hidden unless a policy says otherwise: disjoint spans.
    ///
    /// @param key the JSON key the text stands under, or empty. A key such as `ssn` is context;
    ///     the whole value of a key such as `password` is sensitive.
    public List<Span> detect(String text, String key) {
        return detect(text, key, Selection.STANDARD);
    }

    /// The values of a text that somebody wants: disjoint spans.
    ///
    /// @param key as for [#detect(String, String)]
    public List<Span> detect(String text, String key, Selection selection) {
        if (text.isBlank()) {
            return List.of();
        }
        ScannedText scanned = ScannedText.of(text, key, selection.languages());
        Entity whole = pack.keys().get(KeyWords.of(key));
        if (whole != null && selection.wants(whole) && !whole.tenants()) {
            return whole(text, scanned, whole, selection);
        }
        List<Span> found = scan(scanned, selection);
        if (whole != null && selection.wants(whole) && !scanned.text().isEmpty()) {
            // A tenant's key makes no less of what stands under it: a secret goes before.
            found.add(new Span(0, scanned.text().length(), whole, 1));
        }
        List<Span> named = new ArrayList<>();
        names.detect(scanned, named);
        named.stream()
                .filter(span -> selection.wants(span.entity()) && selection.sureEnough(span))
                .forEach(found::add);
        selection.edit(scanned.text(), 0, scanned.text().length(), found);
        return given(scanned, Overlaps.resolve(found, selection::precedence));
    }

    /// The sensitive values of a name that a program gave: all kinds but the names of people, which look alike.
    public List<Span> detectInName(String name) {
        return detectInName(name, Selection.STANDARD);
    }

    /// The same for what somebody wants.
    public List<Span> detectInName(String name, Selection selection) {
        ScannedText scanned = ScannedText.of(name, "", selection.languages());
        List<Span> found = scan(scanned, selection);
        selection.edit(scanned.text(), 0, scanned.text().length(), found);
        return given(scanned, Overlaps.resolve(found, selection::precedence));
    }

    /// The whole value under a key that says so, unless it is allowed; with what is in it that goes before it.
    private static List<Span> whole(String text, ScannedText scanned, Entity entity, Selection selection) {
        Span all = new Span(0, text.length(), entity, 1);
        List<Span> found = new ArrayList<>();
        if (!scanned.text().isEmpty()) {
            found.add(new Span(0, scanned.text().length(), entity, 1));
            selection.edit(scanned.text(), 0, scanned.text().length(), found);
            if (found.isEmpty()) {
                return List.of();
            }
        }
        Entity first = found.stream()
                .map(Span::entity)
                .max(Comparator.comparingInt(selection::precedence))
                .filter(other -> selection.precedence(other) > selection.precedence(entity))
                .orElse(entity);
        return List.of(first.equals(entity) ? all : new Span(0, text.length(), first, 1));
    }

    private List<Span> scan(ScannedText scanned, Selection selection) {
        return new ArrayList<>(rules.scan(
                scanned,
                RuleScanner.Surroundings.ARE_KNOWN,
                selection::wants,
                selection.lowestScore().orElse(threshold),
                selection::sureEnough));
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
        List<Span> named = new ArrayList<>();
        names.detect(scanned, named);
        found.addAll(withoutSecrets(named, found));
        return given(scanned, Alternatives.resolve(found));
    }

    /// What is announced as a secret is no name, however much it looks like one.
    private static List<Span> withoutSecrets(List<Span> names, List<Span> found) {
        List<Span> secrets = found.stream()
                .filter(span -> span.entity().action() == Action.REMOVE)
                .sorted(Comparator.comparingInt(Span::start))
                .toList();
        List<Span> byEnd = new ArrayList<>(names);
        byEnd.sort(Comparator.comparingInt(Span::end));
        List<Span> kept = new ArrayList<>();
        int begun = 0;
        int farthest = 0;
        for (Span name : byEnd) {
            while (begun < secrets.size() && secrets.get(begun).start() < name.end()) {
                farthest = Math.max(farthest, secrets.get(begun++).end());
            }
            if (farthest <= name.start()) {
                kept.add(name);
            }
        }
        return kept;
    }

    /// Leaves values out of texts that arrive piece by piece. Costly to make: once for each selection, never for each
    /// text. Those that want the same entities share what is costly, while somebody holds one of them.
    public StreamRedaction streams(Selection selection) {
        return new StreamRedaction(rules.growing(selection::wants), names, pack.keys(), selection, threshold);
    }

    /// [#detect] together with exact occurrences of values known from elsewhere in the prompt or the conversation.
    public List<Span> withKnown(String text, List<Span> detected, KnownValues known) {
        return withKnown(text, detected, known, Selection.STANDARD);
    }

    /// The same, but for what somebody does not want.
    public List<Span> withKnown(String text, List<Span> detected, KnownValues known, Selection selection) {
        List<Span> more = new ArrayList<>();
        known.find(text, more);
        more.removeIf(span -> !selection.wants(span.entity()));
        selection.allow(text, more);
        List<Span> all = new ArrayList<>(detected);
        int at = 0;
        for (Span span : more) {
            while (at < detected.size() && detected.get(at).end() <= span.start()) {
                at++;
            }
            if (at == detected.size() || !coveredBy(detected.get(at), span, selection)) {
                all.add(span);
            }
        }
        return all.size() == detected.size() ? detected : Overlaps.resolve(all, selection::precedence);
    }

    /// What was found by itself is not found again: its own score says how sure it is.
    private static boolean coveredBy(Span found, Span known, Selection selection) {
        return found.contains(known) && selection.precedence(found.entity()) >= selection.precedence(known.entity());
    }

    /// The values worth looking for elsewhere once they were found here.
    public KnownValues known(Map<String, Entity> values) {
        return KnownValues.of(values, names);
    }

    public Entity entity(String name) {
        return pack.entity(name);
    }

    public Collection<Entity> entities() {
        return pack.entities().values();
    }

    private static List<Span> given(ScannedText scanned, List<Span> spans) {
        return spans.stream()
                .map(span ->
                        new Span(scanned.start(span.start()), scanned.end(span.end()), span.entity(), span.score()))
                .toList();
    }
}

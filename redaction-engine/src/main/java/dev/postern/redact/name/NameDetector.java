package dev.postern.redact.name;

import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Span;
import dev.postern.redact.scan.ScannedText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/// Names as entities: what a [NameTier] finds, and what is worth knowing of a name that was found.
public final class NameDetector {
    private final Map<NameKind, Entity> entities;
    private final NameTier tier;
    private final Gazetteer gazetteer;
    private final double threshold;

    private NameDetector(Map<NameKind, Entity> entities, NameTier tier, Gazetteer gazetteer, double threshold) {
        this.entities = Map.copyOf(entities);
        this.tier = tier;
        this.gazetteer = gazetteer;
        this.threshold = threshold;
    }

    /// With the built-in tier.
    ///
    /// @param entities what the kinds of names are called; of a kind that is not there no names are reported
    /// @param threshold how sure a name must be
    public static NameDetector standard(Map<NameKind, Entity> entities, double threshold) {
        NameModel model = NameModel.standard();
        return new NameDetector(entities, new NameClassifier(model), model.gazetteer(), threshold);
    }

    /// With the model in a directory, in place of the built-in tier.
    ///
    /// @throws UnusableNameModel when it cannot be used, or nothing here runs models
    public static NameDetector running(Path directory, Map<NameKind, Entity> entities, double threshold) {
        Gazetteer gazetteer = NameModel.standard().gazetteer();
        NameTierProvider provider = ServiceLoader.load(NameTierProvider.class)
                .findFirst()
                .orElseThrow(() -> new UnusableNameModel("this build runs no models of names: build it with -Ponnx, or"
                        + " leave the model's directory out of the configuration"));
        return new NameDetector(entities, provider.open(directory, new Sentences(gazetteer)), gazetteer, threshold);
    }

    /// All that only it can find: addresses have rules as well, and are not worth holding back a stream until a
    /// sentence ends.
    public Collection<Entity> entities() {
        return entities.entrySet().stream()
                .filter(entry -> entry.getKey() != NameKind.ADDRESS)
                .map(Map.Entry::getValue)
                .toList();
    }

    /// Whether an entity is the name of a person.
    public boolean isPerson(Entity entity) {
        return entity.equals(entities.get(NameKind.PERSON));
    }

    /// Adds the names of a text, with offsets into [ScannedText#text()].
    public void detect(ScannedText text, List<Span> found) {
        tier.find(text, (start, end, kind, likely) -> {
            Entity entity = entities.get(kind);
            double score = likely * highest(kind);
            if (entity != null && score >= threshold) {
                found.add(new Span(start, end, entity, score));
            }
        });
    }

    /// A value that a rule has checked is surer than any name, and a number is more often that than part of an address.
    private static double highest(NameKind kind) {
        return switch (kind) {
            case PERSON, NRP -> 0.85;
            case LOCATION, ORGANIZATION, OTHER -> 0.8;
            case ADDRESS -> 0.65;
        };
    }

    /// Where the first sentence that begins at `from` ends: names on either side of it do not depend on the other. -1
    /// when that is not at or before `limit`, or cannot be told before more text comes.
    public int sentenceEnd(String text, int from, int limit) {
        for (int at = from + 1; at <= limit && at < text.length(); at++) {
            if (!Character.isWhitespace(text.charAt(at)) && Character.isWhitespace(text.charAt(at - 1))) {
                int end = at - 1;
                while (end > from && Character.isWhitespace(text.charAt(end - 1))) {
                    end--;
                }
                if (end > from
                        && (SentenceReader.endsBefore(text, from, end, gazetteer)
                                || SentenceReader.endsWithEmptyLine(text, end, at))) {
                    return at;
                }
            }
        }
        return -1;
    }

    /// The name itself, and its parts that are worth hiding alone: capitalised words that are no ordinary words.
    public List<String> partsWorthKnowing(String name) {
        List<String> parts = new ArrayList<>();
        ScannedText text = ScannedText.of(name, "", "");
        SentenceReader reader = new SentenceReader(text.text(), text.lower(), gazetteer);
        Sentence sentence = new Sentence();
        while (reader.next(sentence)) {
            for (int i = 0; i < sentence.size(); i++) {
                if (sentence.shape[i].capital() && !ordinary(sentence.classes[i])) {
                    parts.add(name.substring(text.start(sentence.start[i]), text.end(sentence.end[i])));
                }
            }
        }
        if (name.indexOf(' ') > 0) {
            parts.add(name);
        }
        return parts;
    }

    /// "Will" and "Brown" by themselves are more often something else; "Doe" is not.
    private static boolean ordinary(int classes) {
        boolean word = (classes & WordClass.VOCABULARY & ~WordClass.COMMON.bit()) != 0;
        boolean surname = WordClass.SURNAME.in(classes) && !WordClass.GIVEN.in(classes);
        return word || (WordClass.COMMON.in(classes) && !surname);
    }
}

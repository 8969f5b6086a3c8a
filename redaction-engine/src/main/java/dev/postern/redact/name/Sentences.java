package dev.postern.redact.name;

import dev.postern.redact.scan.ScannedText;

/// Where sentences begin and end, for all tiers and for streams alike: what a tier decides in one sentence must not
/// depend on another. Immutable.
public final class Sentences {
    private final Gazetteer gazetteer;

    Sentences(Gazetteer gazetteer) {
        this.gazetteer = gazetteer;
    }

    /// Gives the sentences of a text in text order, without the blanks around them.
    public void of(ScannedText text, Part part) {
        SentenceReader reader = new SentenceReader(text.text(), text.lower(), gazetteer);
        Sentence sentence = new Sentence();
        while (reader.next(sentence)) {
            part.sentence(sentence.start[0], sentence.end[sentence.size() - 1]);
        }
    }

    /// Takes sentences as they are found.
    public interface Part {
        /// A sentence at `[start, end)` of [ScannedText#text()].
        void sentence(int start, int end);
    }
}

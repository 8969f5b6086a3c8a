package dev.postern.redact.name;

import dev.postern.redact.scan.ScannedText;
import org.jspecify.annotations.Nullable;

/// The built-in tier: a linear chain over tokens with hashed features, trained in this repository (see
/// docs/redaction.md). Immutable; safe for any number of threads.
///
/// It decides sentence by sentence, and nothing outside a sentence counts, but for the JSON key. A sentence has at most
/// 64 tokens of at most 40 characters; longer ones are no words and end no name. So a stream knows every name that ends
/// before the last sentence end, or before the last 64 tokens, whatever follows. Memory is the same for any text.
final class NameClassifier implements NameTier {
    private static final int MOST_KEY_WORDS = 6;
    /// Tokens of most values in JSON.
    private static final int SHORT = 12;

    private final NameModel model;
    private final LetterPairs letters = LetterPairs.standard();

    NameClassifier(NameModel model) {
        this.model = model;
    }

    @Override
    public void find(ScannedText text, Names names) {
        SentenceReader reader = new SentenceReader(text.text(), text.lower(), model.gazetteer());
        Sentence sentence = new Sentence();
        // Most texts are short, and many hold nothing that could be a name.
        @Nullable Work work = null;
        boolean first = true;
        while (reader.next(sentence)) {
            int before = first ? key(text.key(), sentence) : 0;
            first = false;
            if (idle(sentence, before)) {
                continue;
            }
            if (work == null || work.tags.length < sentence.size()) {
                work = new Work(model, letters, sentence, text, sentence.size() <= SHORT ? SHORT : Sentence.CAPACITY);
            }
            work.tag(before);
            work.give(before, names);
        }
    }

    private static boolean idle(Sentence sentence, int from) {
        for (int i = from; i < sentence.size(); i++) {
            if (!sentence.idle(i)) {
                return false;
            }
        }
        return true;
    }

    /// Puts the key before the text, as if it stood there: "customer name: …". Answers how many tokens that are.
    private int key(String key, Sentence sentence) {
        if (key.isEmpty()) {
            return 0;
        }
        String lead = key + ":";
        Sentence words = new Sentence();
        new SentenceReader(lead, lead, model.gazetteer()).next(words);
        int from = Math.max(0, words.size() - MOST_KEY_WORDS);
        return sentence.lead(words, from);
    }

    /// The arrays of one text.
    private static final class Work {
        private final Features features = new Features();
        private final int[] sums = new int[NameModel.ROW];
        private final int[] tags;
        private final NameModel model;
        private final Sentence sentence;
        private final Lattice lattice;
        private final PersonBounds persons;
        private final LowerCaseNames lowerCase;
        private final ProgramNames programs;
        /// The token after the last person of the sentence.
        private int lastPerson;

        Work(NameModel model, LetterPairs letters, Sentence sentence, ScannedText text, int tokens) {
            this.tags = new int[tokens];
            this.model = model;
            this.sentence = sentence;
            this.lattice = new Lattice(model.pairs(), tokens);
            this.persons = new PersonBounds(sentence, text.text());
            this.lowerCase = new LowerCaseNames(letters, sentence, text);
            this.programs = new ProgramNames(sentence, text.text(), text.lower());
        }

        void tag(int before) {
            features.read(sentence);
            for (int i = 0; i < sentence.size(); i++) {
                if (i < before || sentence.idle(i)) {
                    lattice.rest(i);
                } else {
                    model.score(features.hashes, features.of(sentence, i), sums, lattice.scores[i]);
                }
            }
            lattice.decode(sentence.size(), tags);
        }

        void give(int before, Names names) {
            boolean weighed = false;
            lastPerson = 0;
            int i = before;
            while (i < sentence.size()) {
                if (!Tags.isFirst(tags[i])) {
                    i++;
                    continue;
                }
                NameKind kind = Tags.kind(tags[i]);
                int end = i + 1;
                while (end < sentence.size() && tags[end] == Tags.further(kind)) {
                    end++;
                }
                if (kind != NameKind.OTHER && spelt(i, end)) {
                    if (!weighed) {
                        lattice.weigh(sentence.size());
                        weighed = true;
                    }
                    give(before, i, end, kind, names);
                }
                i = end;
            }
        }

        private void give(int before, int first, int end, NameKind kind, Names names) {
            if (kind == NameKind.PERSON) {
                person(before, first, end, names);
            } else {
                give(first, end, kind, likely(first, end, kind), names);
            }
        }

        private void person(int before, int first, int end, Names names) {
            int from = persons.from(first, end);
            int to = persons.to(from, end);
            boolean small = lowerCase.small(from, to);
            if (small) {
                from = lowerCase.from(from, to);
                to = lowerCase.to(from, to);
            }
            if (from >= to || !spelt(from, to) || programs.likely(before, from, to)) {
                return;
            }
            double likely = likely(from, to, NameKind.PERSON);
            if (small && !lowerCase.evident(from, to, likely, lastPerson)) {
                return;
            }
            while (from > before && tags[from - 1] == Tags.OUTSIDE && persons.goesOn(from - 1, from - 1)) {
                from--;
            }
            while (to < sentence.size() && tags[to] == Tags.OUTSIDE && persons.goesOn(to - 1, to)) {
                to++;
            }
            lastPerson = to;
            give(from, to, NameKind.PERSON, likely, names);
        }

        private void give(int from, int to, NameKind kind, double likely, Names names) {
            names.name(sentence.start[from], sentence.end[to - 1], kind, likely);
        }

        /// Whether there is a word in it, and not numbers and signs only.
        private boolean spelt(int from, int end) {
            for (int i = from; i < end; i++) {
                if (sentence.shape[i].word() && sentence.end[i] - sentence.start[i] > 1) {
                    return true;
                }
            }
            return false;
        }

        /// As sure as of its least sure token.
        private double likely(int from, int end, NameKind kind) {
            double least = 1;
            for (int i = from; i < end; i++) {
                least = Math.min(least, lattice.likely[i][Tags.first(kind)] + lattice.likely[i][Tags.further(kind)]);
            }
            return least;
        }
    }
}

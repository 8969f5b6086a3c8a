package dev.postern.redact.name;

/// What the classifier sees of a token: its own form and classes, and those of the two tokens on either side. Each
/// feature is a hash. A change makes models unreadable.
final class Features {
    static final int MOST = 64;
    private static final int EDGE = 11;

    final int[] hashes = new int[MOST];
    private int count;
    private int number;
    private final int[] look = new int[Sentence.CAPACITY + 4];
    private final int[] seen = new int[Sentence.CAPACITY + 4];
    private final boolean[] starts = new boolean[Sentence.CAPACITY];

    /// Prepares for the tokens of a sentence.
    void read(Sentence sentence) {
        int letterCase = sentence.letterCase().code();
        for (int i = 0; i < sentence.size(); i++) {
            starts[i] = starts(sentence, i);
            int shape = sentence.shape[i].code();
            look[i + 2] = Hashes.join(shape * 4 + letterCase, sentence.classes[i]);
            seen[i + 2] = identity(sentence, i);
        }
        look[0] = look[1] = seen[0] = seen[1] = EDGE;
        int size = sentence.size();
        look[size + 2] = look[size + 3] = seen[size + 2] = seen[size + 3] = EDGE + 1;
    }

    /// The word itself where it says something; of names, numbers and unknown words only what they are like.
    private static int identity(Sentence sentence, int i) {
        Shape shape = sentence.shape[i];
        if (!shape.word() || shape == Shape.INITIAL) {
            return Hashes.join(21 + shape.code(), sentence.word[i]);
        }
        int classes = sentence.classes[i];
        boolean known = (classes & WordClass.VOCABULARY) != 0;
        if (known && (shape == Shape.LOWER || (classes & WordClass.NAMES) == 0)) {
            return Hashes.join(22, sentence.word[i]);
        }
        return Hashes.join(23, Hashes.join(shape.code(), classes & (WordClass.NAMES | WordClass.PLACES)));
    }

    private static boolean starts(Sentence sentence, int i) {
        if (i == 0) {
            return true;
        }
        Shape before = sentence.shape[i - 1];
        return before == Shape.NEWLINE
                || (before == Shape.PUNCTUATION && (i == 1 || sentence.shape[i - 2] == Shape.NEWLINE));
    }

    /// Fills [#hashes] for token `i`; answers how many there are.
    int of(Sentence sentence, int i) {
        count = 0;
        number = 0;
        int at = i + 2;
        int start = starts[i] ? 1 : 0;
        int shape = sentence.shape[i].code();
        int letterCase = sentence.letterCase().code();
        int classes = sentence.classes[i];
        boolean vocabulary = (classes & WordClass.VOCABULARY) != 0;
        add(1);
        add(shape * 8 + letterCase * 2 + start);
        add(look[at]);
        add(Hashes.join(look[at], start));
        add(vocabulary ? sentence.word[i] : 0);
        add(vocabulary ? Hashes.join(sentence.word[i], shape) : 0);
        add(Hashes.join(sentence.suffix3[i], shape));
        add(Hashes.join(sentence.suffix2[i], shape));
        add(Hashes.join(sentence.prefix3[i], shape));
        add(Hashes.join(sentence.prefix2[i], shape));
        // Neighbours alone.
        add(seen[at - 1]);
        add(seen[at + 1]);
        add(look[at - 1]);
        add(look[at + 1]);
        add(seen[at - 2]);
        add(seen[at + 2]);
        add(look[at - 2]);
        add(look[at + 2]);
        // Neighbours together with the token.
        add(Hashes.join(look[at - 1], look[at]));
        add(Hashes.join(look[at], look[at + 1]));
        add(Hashes.join(Hashes.join(look[at - 1], look[at]), look[at + 1]));
        add(Hashes.join(seen[at - 1], look[at]));
        add(Hashes.join(look[at], seen[at + 1]));
        add(Hashes.join(seen[at - 1], shape));
        add(Hashes.join(shape, seen[at + 1]));
        add(Hashes.join(Hashes.join(seen[at - 2], seen[at - 1]), shape));
        add(Hashes.join(shape, Hashes.join(seen[at + 1], seen[at + 2])));
        add(Hashes.join(Hashes.join(seen[at - 1], shape), seen[at + 1]));
        add(Hashes.join(Hashes.join(seen[at - 2], seen[at - 1]), look[at]));
        add(Hashes.join(look[at], Hashes.join(seen[at + 1], seen[at + 2])));
        add(Hashes.join(Hashes.join(look[at - 2], look[at - 1]), look[at]));
        add(Hashes.join(look[at], Hashes.join(look[at + 1], look[at + 2])));
        // Three before: "my name is".
        int third = i >= 3 ? seen[at - 3] : EDGE;
        add(Hashes.join(Hashes.join(third, seen[at - 2]), Hashes.join(seen[at - 1], shape)));
        // Single classes, so that a new combination of them is not unknown.
        for (int rest = classes; rest != 0; rest &= rest - 1) {
            add(Hashes.join(Integer.numberOfTrailingZeros(rest), shape * 4 + letterCase));
        }
        return count;
    }

    private void add(int value) {
        hashes[count++] = Hashes.join(++number * 0x51ED270B, value);
    }
}

package dev.postern.redact.name;

/// The tokens of one sentence, or of a part of a long one: at most [#MOST], and a few that lead to them. One thread;
/// filled again and again.
final class Sentence {
    static final int MOST = 64;
    private static final int MOST_LEADING = 8;
    static final int CAPACITY = MOST + MOST_LEADING;
    /// The [#word] of `'s`.
    static final int POSSESSIVE = 3;

    final int[] start = new int[CAPACITY];
    final int[] end = new int[CAPACITY];
    /// The hash of the lower-case form.
    final int[] word = new int[CAPACITY];
    final int[] classes = new int[CAPACITY];
    final Shape[] shape = new Shape[CAPACITY];
    /// Hashes of the last two and three and the first two and three characters, in lower case.
    final int[] suffix2 = new int[CAPACITY];
    final int[] suffix3 = new int[CAPACITY];
    final int[] prefix2 = new int[CAPACITY];
    final int[] prefix3 = new int[CAPACITY];
    private static final String PROGRAM_SIGNS = "()=;*+&|<>";
    /// More of these than one in so many tokens: a program.
    private static final int PROGRAM_SHARE = 5;
    private static final int FEWEST_PROGRAM_SIGNS = 4;

    private int size;
    private int programSigns;
    private Case letterCase = Case.USUAL;

    /// How capitals are used: in lower-case chats and in headings they tell little.
    enum Case {
        USUAL(0),
        LOWER(1),
        UPPER(2),
        /// Nearly every word starts with a capital.
        TITLE(3);

        private final int code;

        Case(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    int size() {
        return size;
    }

    Case letterCase() {
        return letterCase;
    }

    void clear() {
        size = 0;
        programSigns = 0;
    }

    void countSign(char sign) {
        programSigns += PROGRAM_SIGNS.indexOf(sign) >= 0 ? 1 : 0;
    }

    /// Whether it looks like a line of a program: what is spelt like a name there seldom is one.
    boolean program() {
        return programSigns >= FEWEST_PROGRAM_SIGNS && programSigns * PROGRAM_SHARE >= size;
    }

    void shrinkTo(int tokens) {
        size = tokens;
    }

    /// The index of the next token, whose fields the caller sets.
    int next() {
        return size++;
    }

    /// Puts tokens of another sentence, from `first` on, before these. Answers how many.
    int lead(Sentence leading, int first) {
        int tokens = leading.size - first;
        copy(this, 0, tokens, size);
        copy(leading, first, 0, tokens);
        size += tokens;
        return tokens;
    }

    private void copy(Sentence source, int first, int target, int tokens) {
        System.arraycopy(source.start, first, start, target, tokens);
        System.arraycopy(source.end, first, end, target, tokens);
        System.arraycopy(source.word, first, word, target, tokens);
        System.arraycopy(source.classes, first, classes, target, tokens);
        System.arraycopy(source.shape, first, shape, target, tokens);
        System.arraycopy(source.suffix2, first, suffix2, target, tokens);
        System.arraycopy(source.suffix3, first, suffix3, target, tokens);
        System.arraycopy(source.prefix2, first, prefix2, target, tokens);
        System.arraycopy(source.prefix3, first, prefix3, target, tokens);
    }

    void judgeCase() {
        int words = 0;
        int capitalised = 0;
        int shouted = 0;
        int lower = 0;
        for (int i = 0; i < size; i++) {
            if (!shape[i].word()) {
                continue;
            }
            words++;
            capitalised += shape[i].capital() ? 1 : 0;
            shouted += shape[i] == Shape.CAPITALS ? 1 : 0;
            lower += shape[i] == Shape.LOWER ? 1 : 0;
        }
        if (capitalised == 0) {
            letterCase = Case.LOWER;
        } else if (shouted >= 2 && lower == 0 && shouted * 10 >= words * 7) {
            letterCase = Case.UPPER;
        } else if (words >= 4 && capitalised * 10 >= words * 7) {
            letterCase = Case.TITLE;
        } else {
            letterCase = Case.USUAL;
        }
    }

    /// Whether token `i` cannot be part of a name, whatever surrounds it: ordinary lower-case words and signs, far from
    /// capitals and digits. They are not worth scoring.
    boolean idle(int i) {
        if (shape[i] == Shape.IDENTIFIER || shape[i] == Shape.NEWLINE) {
            return true;
        }
        if (letterCase != Case.USUAL || (shape[i] != Shape.LOWER && shape[i] != Shape.PUNCTUATION)) {
            return false;
        }
        boolean ordinary =
                shape[i] == Shape.PUNCTUATION || WordClass.COMMON.in(classes[i]) || WordClass.FUNCTION.in(classes[i]);
        if (!ordinary) {
            return (classes[i] & (WordClass.NAMES | WordClass.PLACES)) == 0 && !striking(i - 1) && !striking(i + 1);
        }
        return !striking(i - 1) && !striking(i + 1) && !striking(i - 2) && !striking(i + 2);
    }

    private boolean striking(int i) {
        return i >= 0
                && i < size
                && shape[i] != Shape.LOWER
                && shape[i] != Shape.PUNCTUATION
                && shape[i] != Shape.NEWLINE;
    }
}

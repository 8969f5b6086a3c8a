package dev.postern.redact.name;

/// What a token looks like. The codes are part of the model's format.
enum Shape {
    LOWER(0),
    CAPITALISED(1),
    /// Two capitals or more and nothing else.
    CAPITALS(2),
    /// One capital.
    INITIAL(3),
    /// "McDonald", "O'Brien", "Anne-Marie": each part starts with a capital.
    COMPOUND(4),
    /// "iPhone", "parseInput".
    MIXED(5),
    NUMBER(6),
    /// "12a", "5th", "B2".
    LETTERS_AND_DIGITS(7),
    PUNCTUATION(8),
    NEWLINE(9),
    /// A mail address, path, variable or URL, or a word that is too long for one.
    IDENTIFIER(10);

    private final int code;

    Shape(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    boolean capital() {
        return this == CAPITALISED || this == CAPITALS || this == INITIAL || this == COMPOUND;
    }

    boolean word() {
        return this == LOWER || this == MIXED || capital();
    }
}

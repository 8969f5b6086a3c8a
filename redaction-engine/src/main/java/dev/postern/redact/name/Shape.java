package dev.postern.redact.name;

/// What a token looks like. The order is part of the model's format.
enum Shape {
    LOWER,
    CAPITALISED,
    /// Two capitals or more and nothing else.
    CAPITALS,
    /// One capital.
    INITIAL,
    /// "McDonald", "O'Brien", "Anne-Marie": each part starts with a capital.
    COMPOUND,
    /// "iPhone", "parseInput".
    MIXED,
    NUMBER,
    /// "12a", "5th", "B2".
    LETTERS_AND_DIGITS,
    PUNCTUATION,
    NEWLINE,
    /// A mail address, path, variable or URL, or a word that is too long for one.
    IDENTIFIER;

    boolean capital() {
        return this == CAPITALISED || this == CAPITALS || this == INITIAL || this == COMPOUND;
    }

    boolean word() {
        return this == LOWER || this == MIXED || capital();
    }
}

package dev.postern.redact.name;

/// What lists know of a word; a word may be of many classes. The order is part of the model's format.
enum WordClass {
    COMMON_GIVEN,
    GIVEN,
    COMMON_SURNAME,
    SURNAME,
    /// A city, region or country.
    PLACE,
    /// A country, capital or large city.
    WELL_KNOWN_PLACE,
    /// A word of a place's name of many words.
    PART_OF_PLACE,
    NRP,
    /// "Ltd", "Bank", "University".
    ORGANIZATION_WORD,
    ORGANIZATION,
    /// An ordinary word of any of the languages.
    COMMON,
    /// Articles, prepositions, pronouns and the like.
    FUNCTION,
    TITLE,
    /// "van", "de": may stand inside names.
    PARTICLE,
    /// Months and days.
    CALENDAR,
    STREET_WORD;

    static final int NAMES =
            COMMON_GIVEN.bit() | GIVEN.bit() | COMMON_SURNAME.bit() | SURNAME.bit();
    static final int PLACES = PLACE.bit() | WELL_KNOWN_PLACE.bit() | PART_OF_PLACE.bit();
    /// Words that templates and training texts are about, not the values in them: the words themselves are features.
    static final int VOCABULARY = COMMON.bit()
            | FUNCTION.bit()
            | TITLE.bit()
            | PARTICLE.bit()
            | CALENDAR.bit()
            | STREET_WORD.bit()
            | ORGANIZATION_WORD.bit();

    int bit() {
        return 1 << ordinal();
    }

    boolean in(int classes) {
        return (classes & bit()) != 0;
    }
}

package dev.postern.redact.name;

/// What lists know of a word; a word may be of many classes. The bits are part of the model's
/// format.
enum WordClass {
    COMMON_GIVEN(0),
    GIVEN(1),
    COMMON_SURNAME(2),
    SURNAME(3),
    /// A city, region or country.
    PLACE(4),
    /// A country, capital or large city.
    WELL_KNOWN_PLACE(5),
    /// A word of a place's name of many words.
    PART_OF_PLACE(6),
    NRP(7),
    /// "Ltd", "Bank", "University".
    ORGANIZATION_WORD(8),
    ORGANIZATION(9),
    /// An ordinary word of any of the languages.
    COMMON(10),
    /// Articles, prepositions, pronouns and the like.
    FUNCTION(11),
    TITLE(12),
    /// "van", "de": may stand inside names.
    PARTICLE(13),
    /// Months and days.
    CALENDAR(14),
    STREET_WORD(15);

    static final int NAMES = COMMON_GIVEN.bit() | GIVEN.bit() | COMMON_SURNAME.bit() | SURNAME.bit();
    static final int PLACES = PLACE.bit() | WELL_KNOWN_PLACE.bit() | PART_OF_PLACE.bit();
    /// Words that templates and training texts are about, not the values in them: the words themselves are features.
    static final int VOCABULARY = COMMON.bit()
            | FUNCTION.bit()
            | TITLE.bit()
            | PARTICLE.bit()
            | CALENDAR.bit()
            | STREET_WORD.bit()
            | ORGANIZATION_WORD.bit();

    private final int bit;

    WordClass(int number) {
        this.bit = 1 << number;
    }

    int bit() {
        return bit;
    }

    boolean in(int classes) {
        return (classes & bit()) != 0;
    }
}

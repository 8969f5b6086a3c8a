package dev.postern.redacting.answer;

import dev.postern.redacting.pseudonym.PseudonymPattern;

/// A text whose pseudonyms have been restored at once.
///
/// @param unresolved what looks like a pseudonym and is none of the live ones
public record RestoredText(String text, int unresolved) {
    public static RestoredText restore(LivePseudonyms live, PseudonymPattern pattern, String text) {
        RestoringText restoring = new RestoringText(live, Embedding.PLAIN, pattern);
        String restored = restoring.accept(text) + restoring.finish();
        AnswerRestorer.Restored left = restoring.restored();
        return new RestoredText(restored, left.unknown() + left.mangled());
    }

    @Override
    public String toString() {
        return "RestoredText[" + text.length() + " characters]";
    }
}

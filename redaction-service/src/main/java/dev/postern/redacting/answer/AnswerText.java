package dev.postern.redacting.answer;

/// One text of an answer, in fragments of any size. One thread.
///
/// Guarantee: what is given out, joined, is the same however the text is cut.
sealed interface AnswerText permits RestoringText, RedactedText, JsonAnswerText {
    /// The text that may be given out after this fragment.
    String accept(String fragment);

    /// What is still held, now that nothing follows.
    String finish();

    /// Pseudonyms that remained in what was given out.
    AnswerRestorer.Restored restored();
}

package dev.postern.redacting.answer;

import dev.postern.redact.stream.RedactingStream;

/// A text whose values are left out before its pseudonyms are restored: what is restored is the caller's own and stays.
final class RedactedText implements AnswerText {
    private final RedactingStream redacting;
    private final RestoringText restoring;

    RedactedText(RedactingStream redacting, RestoringText restoring) {
        this.redacting = redacting;
        this.restoring = restoring;
    }

    @Override
    public String accept(String fragment) {
        return restoring.accept(redacting.feed(fragment));
    }

    @Override
    public String finish() {
        return restoring.accept(redacting.finish()) + restoring.finish();
    }

    @Override
    public AnswerRestorer.Restored restored() {
        return restoring.restored();
    }
}

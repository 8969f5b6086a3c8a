package dev.postern.redacting.answer;

/// An answer of the model that cannot be read as JSON, or is over the limit. Nothing more of it goes to the caller.
public final class AnswerRefused extends Exception {
    AnswerRefused() {
        super("answer refused", null, false, false);
    }
}

package dev.postern.redact.scan;

/// The last characters of a text that arrives in pieces. One thread.
final class StreamWindow {
    private final StringBuilder text = new StringBuilder();
    private int start;

    void add(CharSequence piece) {
        text.append(piece);
    }

    /// Forgets what lies before a place, but for one character.
    void forgetBefore(int place) {
        int gone = place - 1 - start;
        if (gone > 0) {
            text.delete(0, gone);
            start += gone;
        }
    }

    CharSequence text() {
        return text;
    }

    /// Where the window begins.
    int start() {
        return start;
    }

    /// Where the text ends so far.
    int end() {
        return start + text.length();
    }
}

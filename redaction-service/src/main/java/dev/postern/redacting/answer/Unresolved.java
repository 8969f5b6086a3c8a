package dev.postern.redacting.answer;

import dev.postern.redacting.pseudonym.PseudonymCode;
import dev.postern.redacting.pseudonym.PseudonymPattern;
import java.util.regex.Matcher;

/// Counts what looks like a pseudonym in emitted text but was not restored: unknown when its check character fits,
/// mangled otherwise. Keeps at most one pseudonym's length of text.
final class Unresolved {
    private static final int TAIL = 32;

    private final PseudonymPattern pattern;
    private final StringBuilder tail = new StringBuilder();
    private int unknown;
    private int mangled;

    Unresolved(PseudonymPattern pattern) {
        this.pattern = pattern;
    }

    void emitted(CharSequence text, int from, int to) {
        tail.append(text, from, to);
        if (tail.length() > 2 * TAIL) {
            count(tail.length() - 1);
            tail.delete(0, Math.max(0, tail.length() - TAIL));
        }
    }

    /// A restored value stands here: nothing goes on across it.
    void interrupted() {
        finish();
    }

    void finish() {
        count(tail.length());
        tail.setLength(0);
    }

    int unknown() {
        return unknown;
    }

    int mangled() {
        return mangled;
    }

    /// Counts matches that end at or before `limit` and forgets the text up to the last one.
    private void count(int limit) {
        if (tail.indexOf("_") < 0) {
            return;
        }
        Matcher matcher = pattern.regex().matcher(tail);
        int counted = 0;
        while (matcher.find() && matcher.end() <= limit) {
            if (PseudonymCode.checks(matcher.group())) {
                unknown++;
            } else {
                mangled++;
            }
            counted = matcher.end();
        }
        tail.delete(0, counted);
    }
}

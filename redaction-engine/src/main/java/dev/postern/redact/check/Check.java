package dev.postern.redact.check;

import java.util.function.Predicate;

/// Decides whether a pattern's match is a value of its kind.
@FunctionalInterface
public interface Check {
    int REJECTED = -1;

    /// The end of the accepted value in `text`, which may be before or after `end`, or [#REJECTED].
    int accept(String text, int start, int end);

    /// A check of the value alone: its ASCII letters, in upper case, and digits, without what separates them.
    static Check of(Predicate<String> value) {
        return (text, start, end) -> value.test(Digits.compact(text, start, end)) ? end : REJECTED;
    }
}

package dev.postern.audit;

import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Makes any string fit for an event. Total on purpose: hostile input (a model name of ten kilobytes, a client id with
/// line breaks) must neither break the audit path nor lose the event.
final class EventText {

    private static final int MAX_LENGTH = 256;
    private static final int MAX_ELEMENTS = 64;
    private static final char REPLACEMENT = '?';
    private static final char CUT = '~';

    private EventText() {}

    /// At most 256 printable ASCII characters: others become `?`, a longer text ends in `~`.
    static String bounded(String value) {
        int length = Math.min(value.length(), MAX_LENGTH);
        StringBuilder out = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            out.append(c >= 0x20 && c < 0x7f ? c : REPLACEMENT);
        }
        if (value.length() > MAX_LENGTH) {
            out.setCharAt(MAX_LENGTH - 1, CUT);
        }
        return out.toString();
    }

    static Optional<String> bounded(Optional<String> value) {
        return value.map(EventText::bounded);
    }

    /// Sorted, so that equal sets give equal bytes; at most 64 elements, the rest is represented by one `~`.
    static Set<String> bounded(Collection<String> values) {
        TreeSet<String> sorted = new TreeSet<>();
        for (String value : values) {
            if (sorted.size() == MAX_ELEMENTS) {
                sorted.add(String.valueOf(CUT));
                break;
            }
            sorted.add(bounded(value));
        }
        return Collections.unmodifiableSet(sorted);
    }
}

package dev.postern.redacting.detection;

import java.util.ArrayList;
import java.util.List;

/// An example: a text whose values stand between `«` and `»`.
record MarkedText(String text, List<String> values) {
    static MarkedText of(String marked) {
        StringBuilder text = new StringBuilder();
        List<String> values = new ArrayList<>();
        int open = -1;
        for (int i = 0; i < marked.length(); i++) {
            char c = marked.charAt(i);
            if (c == '«') {
                open = text.length();
            } else if (c == '»') {
                values.add(text.substring(open));
                open = -1;
            } else {
                text.append(c);
            }
        }
        return new MarkedText(text.toString(), List.copyOf(values));
    }

    static List<String> found(String text, List<Span> spans, Entity entity) {
        return spans.stream()
                .filter(span -> span.entity().equals(entity))
                .map(span -> text.substring(span.start(), span.end()))
                .toList();
    }
}

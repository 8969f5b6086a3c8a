package dev.postern.redact.pack;

import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Span;
import java.util.ArrayList;
import java.util.List;

/// An example: a text whose values stand between `«` and `»`.
public record MarkedText(String text, List<String> values) {
    public static MarkedText of(String marked) {
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

    public static List<String> found(String text, List<Span> spans, Entity entity) {
        return spans.stream()
                .filter(span -> span.entity().equals(entity))
                .map(span -> text.substring(span.start(), span.end()))
                .toList();
    }
}

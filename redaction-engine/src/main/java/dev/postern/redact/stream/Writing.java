package dev.postern.redact.stream;

import dev.postern.redact.entity.Span;
import dev.postern.redact.scan.ScannedText;
import java.util.List;

/// Writes decided text without its values. Opaque parts stay, also inside a value; what is left of the value beside
/// them is a value only when it holds a letter or a digit.
final class Writing {
    private final ScannedText text;
    private final String given;
    private final OpaqueParts opaque;
    private final StandIn standIn;

    Writing(ScannedText text, String given, OpaqueParts opaque, StandIn standIn) {
        this.text = text;
        this.given = given;
        this.opaque = opaque;
        this.standIn = standIn;
    }

    /// @param found disjoint spans in text order, all within the two places
    void write(int from, int to, List<Span> found, StringBuilder out) {
        int copied = start(from);
        for (Span span : found) {
            out.append(given, copied, text.start(span.start()));
            write(span, out);
            copied = text.end(span.end());
        }
        out.append(given, copied, start(to));
    }

    private int start(int at) {
        return at == text.text().length() ? given.length() : text.start(at);
    }

    private void write(Span span, StringBuilder out) {
        int at = span.start();
        for (int part = 0; part < opaque.count(); part++) {
            if (opaque.start(part) < span.end() && opaque.end(part) > at) {
                piece(span, at, opaque.start(part), out);
                int shown = Math.max(at, opaque.start(part));
                at = Math.min(span.end(), opaque.end(part));
                out.append(given, text.start(shown), text.end(at));
            }
        }
        piece(span, at, span.end(), out);
    }

    private void piece(Span span, int from, int to, StringBuilder out) {
        if (from >= to) {
            return;
        }
        boolean whole = from == span.start() && to == span.end();
        if (whole || text.text().substring(from, to).chars().anyMatch(Character::isLetterOrDigit)) {
            out.append(standIn.of(span.entity()));
        } else {
            out.append(given, text.start(from), text.end(to));
        }
    }
}

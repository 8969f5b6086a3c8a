package dev.postern.redact.stream;

import dev.postern.redact.scan.Look;
import java.util.Arrays;

/// The opaque parts of the undecided text, in text order.
final class OpaqueParts {
    private int[] bounds = new int[0];

    private OpaqueParts() {}

    /// Finds them, and has the look keep them whole.
    static OpaqueParts in(String text, int from, Opaque opaque, Look look, boolean ended) {
        OpaqueParts parts = new OpaqueParts();
        int at = opaque.equals(Opaque.NOTHING) ? text.length() : from;
        while (at < text.length()) {
            int end = opaque.end(text, at);
            if (end >= 0) {
                look.join(at, end);
                parts.add(at, end);
                at = end;
            } else if (end == Opaque.OPEN && !ended) {
                look.hold(at);
                break;
            } else {
                at++;
            }
        }
        return parts;
    }

    private void add(int start, int end) {
        bounds = Arrays.copyOf(bounds, bounds.length + 2);
        bounds[bounds.length - 2] = start;
        bounds[bounds.length - 1] = end;
    }

    int count() {
        return bounds.length / 2;
    }

    int start(int part) {
        return bounds[2 * part];
    }

    int end(int part) {
        return bounds[2 * part + 1];
    }
}

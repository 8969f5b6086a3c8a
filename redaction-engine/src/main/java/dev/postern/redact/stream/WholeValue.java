package dev.postern.redact.stream;

import dev.postern.redact.entity.Entity;

/// Leaves out a value whose key says what it is: all of it but blanks alone, and opaque parts with the signs and blanks
/// between them. One thread.
final class WholeValue {
    private final Entity entity;
    private final Opaque opaque;
    private final StandIn standIn;
    private boolean afterOpaque;
    /// Whether a stand-in was written for what has come since the last opaque part.
    private boolean leftOut;

    WholeValue(Entity entity, Opaque opaque, StandIn standIn) {
        this.entity = entity;
        this.opaque = opaque;
        this.standIn = standIn;
    }

    /// Takes what is decided from the held text.
    ///
    /// @param hurried whether nothing may stay held
    void advance(StringBuilder held, boolean hurried, boolean ended, StringBuilder out) {
        int piece = 0;
        int at = 0;
        while (at < held.length()) {
            int end = opaque.end(held, at);
            if (end == Opaque.OPEN && !hurried && !ended) {
                break;
            }
            if (end >= 0) {
                out.append(held, leftOut ? at : piece, end);
                afterOpaque = true;
                leftOut = false;
                piece = end;
                at = end;
            } else {
                char c = held.charAt(at++);
                boolean sign = afterOpaque ? !Character.isLetterOrDigit(c) : Character.isWhitespace(c);
                leaveOut(!sign, out);
            }
        }
        leaveOut(hurried, out);
        if (ended && !leftOut) {
            out.append(held, piece, at);
        }
        held.delete(0, leftOut || ended ? at : piece);
    }

    private void leaveOut(boolean value, StringBuilder out) {
        if (value && !leftOut) {
            out.append(standIn.of(entity));
            leftOut = true;
        }
    }
}

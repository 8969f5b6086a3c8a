package dev.postern.redact.stream;

import dev.postern.redact.entity.Span;
import dev.postern.redact.scan.GrowingScanner;
import dev.postern.redact.scan.Look;
import dev.postern.redact.scan.OpenValue;
import dev.postern.redact.scan.Overlaps;
import dev.postern.redact.scan.ScannedText;
import dev.postern.redact.scan.Selection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Leaves the sensitive values out of a text that arrives in pieces of any size.
///
/// Guarantee: no part of a value is given out, whatever follows; what is given out, joined, is the same however the
/// text is cut. It is the whole text without its values, as [dev.postern.redact.detection.Detection] finds them, but
/// for what a bound cuts off: text that would be held beyond [#MOST_HELD] characters is left out up to the next blank.
/// Held back is what may yet become, or belong to, a value: in prose the last word. Time is linear in the text; memory
/// is bounded. One thread. It holds raw text: drop it with its text.
public final class RedactingStream {
    /// With what is looked back on this keeps a stream within 4 KB.
    static final int MOST_HELD = 1_536;

    private final StreamRedaction.Subject subject;
    /// It grows to twice its size and a little, four times: to no more than [#MOST_HELD] needs.
    private final StringBuilder held = new StringBuilder(96);
    /// The end of the decided text, folded.
    private String before = "";
    /// How much was held after the last look.
    private int looked;
    private State state;
    private @Nullable Closing closing;
    private final @Nullable WholeValue whole;

    private enum State {
        TEXT,
        /// Of a value that is left out whole.
        WHOLE_VALUE,
        /// Until something closes the value.
        OPEN_VALUE,
        /// Until the next blank.
        LONG_RUN
    }

    RedactingStream(StreamRedaction.Subject subject, @Nullable WholeValue whole) {
        this.subject = subject;
        this.whole = whole;
        this.state = whole == null ? State.TEXT : State.WHOLE_VALUE;
    }

    /// The text that may be given out after this piece.
    public String feed(String piece) {
        StringBuilder out = new StringBuilder(piece.length() + 16);
        int at = 0;
        while (at < piece.length()) {
            int taken = Math.min(piece.length() - at, MOST_HELD - held.length());
            held.append(piece, at, at + taken);
            at += taken;
            advance(out);
        }
        return out.toString();
    }

    /// What is still held, without its values, now that nothing follows.
    public String finish() {
        StringBuilder out = new StringBuilder();
        if (state == State.TEXT) {
            look(out, true);
        } else if (whole != null) {
            whole.advance(held, false, true, out);
        }
        held.setLength(0);
        return out.toString();
    }

    /// Whether something is held back.
    public boolean holds() {
        return !held.isEmpty() && (state == State.TEXT || state == State.WHOLE_VALUE);
    }

    private void advance(StringBuilder out) {
        State was;
        do {
            was = state;
            switch (state) {
                case TEXT -> text(out);
                case WHOLE_VALUE -> wholeValue(out);
                case OPEN_VALUE -> openValue();
                case LONG_RUN -> longRun();
            }
        } while (state != was);
    }

    private void text(StringBuilder out) {
        // The longer what is held, the rarer it is looked at again: time stays linear.
        boolean due = held.length() - looked > looked / 8;
        if (due || held.length() == MOST_HELD) {
            look(out, false);
        }
    }

    private void look(StringBuilder out, boolean ended) {
        int length = held.length();
        boolean halfCharacter = !ended && length > 0 && Character.isHighSurrogate(held.charAt(length - 1));
        String given = held.substring(0, halfCharacter ? length - 1 : length);
        if (given.isEmpty()) {
            return;
        }
        Selection selection = subject.selection();
        ScannedText text = ScannedText.continuing(before, given, subject.rules().key(), selection.languages());
        int from = before.length();
        Look look = subject.rules().look(text, from, subject.remembered(), ended);
        OpaqueParts opaque = OpaqueParts.in(text.text(), from, subject.opaque(), look, ended);
        PendingNames names = subject.names();
        if (names != null) {
            names.look(text.text(), from, look, ended);
        }
        if (!ended) {
            selection.hold(text.text(), from, look);
        }
        int settled = look.settled();
        List<Span> found = look.before(settled);
        selection.edit(text.text(), from, settled, found);
        new Writing(text, given, opaque, subject.standIn())
                .write(from, settled, Overlaps.resolve(found, selection::precedence), out);
        look.remember(settled, subject.remembered());
        if (names != null) {
            names.forget(settled - from);
        }
        OpenValue value = look.open().orElse(null);
        boolean full = settled == from && held.length() == MOST_HELD;
        if (value != null && (value.start() == settled || full)) {
            out.append(subject.standIn().of(value.entity()));
            closing = new Closing(value.closing());
            leave(text, given, value.body());
            restart();
            state = State.OPEN_VALUE;
        } else if (full) {
            out.append(look.heldFor().map(subject.standIn()::of).orElse("[removed]"));
            held.setLength(0);
            before = "";
            restart();
            state = State.LONG_RUN;
        } else {
            leave(text, given, settled);
        }
        looked = held.length();
    }

    private void restart() {
        subject.remembered().restart();
        if (subject.names() != null) {
            subject.names().restart();
        }
    }

    /// Keeps of the text before a place only what is looked back on.
    private void leave(ScannedText text, String given, int at) {
        String folded = text.text();
        before = folded.substring(Math.max(0, at - GrowingScanner.LOOKS_BACK), at);
        held.delete(0, at == folded.length() ? given.length() : text.start(at));
    }

    private void wholeValue(StringBuilder out) {
        if (whole != null) {
            whole.advance(held, held.length() == MOST_HELD, false, out);
        }
    }

    private void openValue() {
        ScannedText text = ScannedText.continuing(before, held.toString(), "", Set.of());
        Closing value = Objects.requireNonNull(closing);
        int closed = value.search(text.text(), before.length());
        int kept = closed < 0 ? text.text().length() : closed;
        before = text.text().substring(Math.max(0, kept - GrowingScanner.LOOKS_BACK), kept);
        held.delete(0, closed < 0 ? held.length() : text.end(closed));
        if (closed >= 0) {
            looked = 0;
            state = State.TEXT;
        }
    }

    private void longRun() {
        int blank = 0;
        while (blank < held.length() && !Character.isWhitespace(held.charAt(blank))) {
            blank++;
        }
        held.delete(0, blank);
        if (!held.isEmpty()) {
            looked = 0;
            state = State.TEXT;
        }
    }
}

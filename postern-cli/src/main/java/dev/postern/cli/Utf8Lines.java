package dev.postern.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The lines of an input in UTF-8, ended by LF or CRLF. A byte order mark before the first is left out.
///
/// Guarantee: memory does not grow with the input, nor with a line beyond the longest that is taken; a line that is
/// too long or not UTF-8 is told apart, and the next one is read all the same. One thread.
final class Utf8Lines {
    private static final char MARK = '\uFEFF';
    private static final char REPLACEMENT = '\uFFFD';

    private final InputStream in;
    private final int longest;
    private final byte[] buffer = new byte[1 << 16];
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(buffer.length);
    private int from;
    private int to;
    private long number;

    /// One line. The first has number 1.
    sealed interface Line {
        /// What stands in it.
        ///
        /// @param text without its end
        record Text(long number, String text) implements Line {
            @Override
            public String toString() {
                return "Text[line " + number + "]";
            }
        }

        /// What cannot be taken.
        ///
        /// @param why goes on after "line 3"
        record Unreadable(long number, String why) implements Line {}
    }

    /// @param longest line that is taken, in bytes
    Utf8Lines(InputStream in, int longest) {
        this.in = in;
        this.longest = longest;
    }

    /// The next line; empty at the end of the input.
    Optional<Line> next() throws IOException {
        line.reset();
        boolean tooLong = false;
        boolean ended = false;
        boolean any = false;
        while (!ended && fill()) {
            any = true;
            int end = from;
            while (end < to && buffer[end] != '\n') {
                end++;
            }
            tooLong |= line.size() + end - from > longest;
            if (!tooLong) {
                line.write(buffer, from, end - from);
            }
            ended = end < to;
            from = ended ? end + 1 : end;
        }
        if (!any) {
            return Optional.empty();
        }
        number++;
        return Optional.of(
                tooLong ? new Line.Unreadable(number, "is longer than " + (longest >> 20) + " MiB") : decoded());
    }

    private boolean fill() throws IOException {
        if (from == to) {
            from = 0;
            to = Math.max(0, in.read(buffer));
        }
        return from < to;
    }

    private Line decoded() {
        String text = line.toString(StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) >= 0 && !isUtf8()) {
            return new Line.Unreadable(number, "is not UTF-8");
        }
        int start = number == 1 && !text.isEmpty() && text.charAt(0) == MARK ? 1 : 0;
        int end = text.endsWith("\r") ? text.length() - 1 : text.length();
        return new Line.Text(number, text.substring(start, Math.max(start, end)));
    }

    /// Whether what was replaced stood there as a character of its own.
    private boolean isUtf8() {
        try {
            var _ = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line.toByteArray()));
            return true;
        } catch (CharacterCodingException _) {
            return false;
        }
    }
}

package dev.postern.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.Utf8Lines.Line;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class Utf8LinesTest {
    private static final int LONGEST = 1 << 20;

    @Test
    void linesWhenTheyEndInEitherWayThenTheSame() throws IOException {
        assertThat(lines("\uFEFFa\r\n\n\r\nü\uFEFF\r\rb\n😀"))
                .containsExactly(text(1, "a"), text(2, ""), text(3, ""), text(4, "ü\uFEFF\r\rb"), text(5, "😀"));
        assertThat(lines("")).isEmpty();
        assertThat(lines("\uFEFF")).containsExactly(text(1, ""));
        assertThat(lines("a\n")).containsExactly(text(1, "a"));
    }

    /// Characters of several octets stand on every side of the buffer's end.
    @Test
    void lineWhenItIsReadInPiecesThenWhole() throws IOException {
        String long1 = "é😀".repeat(100_000);
        assertThat(lines("x" + long1 + "\r\n" + long1)).containsExactly(text(1, "x" + long1), text(2, long1));
        InputStream drops = new ByteArrayInputStream("aé\r\nb".getBytes(StandardCharsets.UTF_8)) {
            @Override
            public int read(byte[] into, int offset, int length) {
                return super.read(into, offset, Math.min(1, length));
            }
        };
        assertThat(lines(drops)).containsExactly(text(1, "aé"), text(2, "b"));
    }

    @Test
    void lineWhenTooLongOrNoTextThenToldAndTheNextIsRead() throws IOException {
        byte[] broken = "a\n\u00ff\n\uFFFD\nb".getBytes(StandardCharsets.UTF_8);
        broken[2] = (byte) 0xFF;
        assertThat(lines(new ByteArrayInputStream(broken)))
                .containsExactly(text(1, "a"), new Line.Unreadable(2, "is not UTF-8"), text(3, "\uFFFD"), text(4, "b"));
        assertThat(lines("a".repeat(LONGEST) + "\n" + "a".repeat(LONGEST + 1) + "\nb"))
                .containsExactly(
                        text(1, "a".repeat(LONGEST)), new Line.Unreadable(2, "is longer than 1 MiB"), text(3, "b"));
    }

    private static Line text(long number, String text) {
        return new Line.Text(number, text);
    }

    private static List<Line> lines(String input) throws IOException {
        return lines(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<Line> lines(InputStream in) throws IOException {
        Utf8Lines lines = new Utf8Lines(in, LONGEST);
        List<Line> all = new ArrayList<>();
        for (Optional<Line> line = lines.next(); line.isPresent(); line = lines.next()) {
            all.add(line.get());
        }
        return all;
    }
}

package dev.postern.relay.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SseParserTest {
    private static final String STREAM = """
            \uFEFFdata: first

            : a comment
            event: named
            id: 7
            data:no space
            data
            data:  two spaces

            retry: 10

            data: {"text":"Grüße 🙂"}

            data: [DONE]

            data: the stream ends inside this one
            """;
    private static final List<String> EVENTS =
            List.of("first", "no space\n\n two spaces", "{\"text\":\"Grüße 🙂\"}", "[DONE]");

    @Test
    void everyCutInTwoGivesTheSameEvents() throws Exception {
        for (String newline : List.of("\n", "\r\n", "\r")) {
            byte[] bytes = STREAM.replace("\n", newline).getBytes(UTF_8);
            for (int cut = 0; cut <= bytes.length; cut++) {
                SseParser parser = new SseParser(1024);
                List<String> events = new ArrayList<>();
                feed(parser, bytes, 0, cut, events);
                feed(parser, bytes, cut, bytes.length, events);
                assertThat(events).as("cut at %d", cut).isEqualTo(EVENTS);
            }
        }
    }

    @Test
    void bytesOneByOneGiveTheSameEvents() throws Exception {
        byte[] bytes = STREAM.replace("\n", "\r\n").getBytes(UTF_8);
        SseParser parser = new SseParser(1024);
        List<String> events = new ArrayList<>();
        for (int i = 0; i < bytes.length; i++) {
            feed(parser, bytes, i, i + 1, events);
        }
        assertThat(events).isEqualTo(EVENTS);
    }

    @Test
    void anEventAtTheLimitPasses() throws Exception {
        List<String> events = new ArrayList<>();
        byte[] bytes = ("data: " + "x".repeat(58) + "\n\n").getBytes(UTF_8);
        feed(new SseParser(64), bytes, 0, bytes.length, events);
        assertThat(events).containsExactly("x".repeat(58));
    }

    @Test
    void aLineOverTheLimitEndsParsing() {
        byte[] bytes = ("data: " + "x".repeat(59)).getBytes(UTF_8);
        assertThatThrownBy(() -> feed(new SseParser(64), bytes, 0, bytes.length, new ArrayList<>()))
                .isInstanceOf(SseParser.EventTooLarge.class);
    }

    @Test
    void manyLinesOverTheLimitEndParsing() {
        byte[] bytes = "data: 0123456789\n".repeat(7).getBytes(UTF_8);
        assertThatThrownBy(() -> feed(new SseParser(64), bytes, 0, bytes.length, new ArrayList<>()))
                .isInstanceOf(SseParser.EventTooLarge.class);
    }

    private static void feed(SseParser parser, byte[] bytes, int from, int to, List<String> events)
            throws SseParser.EventTooLarge {
        parser.feed(ByteBuffer.wrap(bytes, from, to - from), event -> events.add(new String(event, UTF_8)));
    }
}

package dev.postern.cli.connect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class EventWriterTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final EventWriter events = new EventWriter(out);

    @Test
    void eventsWhenWrittenThenOneFieldEachAndDoneAtTheEnd() throws IOException {
        events.event("{\"a\":\"\u00e9\\n\"}".getBytes(UTF_8));
        events.event("{\"b\":2}".getBytes(UTF_8));
        events.done();

        assertThat(out.toString(UTF_8)).isEqualTo("data: {\"a\":\"\u00e9\\n\"}\n\ndata: {\"b\":2}\n\ndata: [DONE]\n\n");
    }

    @Test
    void jsonWhenOfSeveralLinesThenStaysOneEvent() throws IOException {
        events.event("{\r\n\"a\":\n\n1}".getBytes(UTF_8));

        assertThat(out.toString(UTF_8)).isEqualTo("data: {  \"a\":  1}\n\n");
    }
}

package dev.postern.relay.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/// Any stream gives the same events however the network cuts it, or ends in the same refusal; see `ParserFuzzTest` in
/// sealed-session.
final class SseParserFuzzTest {
    private static final int LIMIT = 512;

    @FuzzTest(maxDuration = "5m")
    @Timeout(value = 24, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SAME_THREAD)
    void cutsMakeNoDifference(byte[] stream) {
        List<String> whole = events(stream, Math.max(1, stream.length));
        assertThat(events(stream, 1)).isEqualTo(whole);
        assertThat(events(stream, 7)).isEqualTo(whole);
        assertThat(whole).allSatisfy(event -> assertThat(event.length()).isLessThanOrEqualTo(LIMIT));
    }

    private static List<String> events(byte[] stream, int piece) {
        SseParser parser = new SseParser(LIMIT);
        List<String> events = new ArrayList<>();
        try {
            for (int from = 0; from < stream.length; from += piece) {
                parser.feed(
                        ByteBuffer.wrap(stream, from, Math.min(piece, stream.length - from)),
                        event -> events.add(new String(event, StandardCharsets.ISO_8859_1)));
            }
        } catch (SseParser.EventTooLarge _) {
            events.add("too large");
        }
        return events;
    }
}

package dev.postern.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Any body is refused, or becomes the one member of the request document that it is to be; see `ParserFuzzTest` in
/// sealed-session.
final class EnvelopeFuzzTest {
    /// One level deeper than a body may be.
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(1_000)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    @FuzzTest(maxDuration = "5m")
    @Timeout(value = 24, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SAME_THREAD)
    void aBodyIsRefusedOrStaysWhatItIs(byte[] body) {
        Request request;
        try {
            request = Request.of(Request.CHAT, body);
        } catch (IllegalArgumentException _) {
            return;
        }
        JsonNode document = JSON.readTree(request.document("id", Duration.ofMinutes(1)));
        if (body.length > 0) {
            assertThat(document.propertyNames()).containsExactly("op", "msg_id", "deadline_ms", "body");
            assertThat(document.path("body")).isEqualTo(JSON.readTree(body));
        }
        assertThat(document.path("msg_id").asString()).isEqualTo("id");
    }
}

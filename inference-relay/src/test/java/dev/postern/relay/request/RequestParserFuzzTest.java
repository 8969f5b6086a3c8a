package dev.postern.relay.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.postern.relay.problem.RequestRefused;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;

/// Any document is refused, or understood within the bounds; see `ParserFuzzTest` in sealed-session.
final class RequestParserFuzzTest {
    private static final Duration MOST = Duration.ofMinutes(1);

    private final RequestParser parser = new RequestParser(4096, MOST);

    @FuzzTest(maxDuration = "5m")
    @Timeout(value = 24, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SAME_THREAD)
    void aRequestIsRefusedOrWithinBounds(byte[] document) {
        RelayRequest request;
        try {
            request = parser.parse(document);
        } catch (RequestRefused refused) {
            assertThat(refused.failure()).isNotNull();
            return;
        }
        assertThat(request.deadline()).isPositive().isLessThanOrEqualTo(MOST);
        assertThat(request.messageId()).hasSize(22);
        String body = new String(request.body(), StandardCharsets.ISO_8859_1);
        assertThat(new String(document, StandardCharsets.ISO_8859_1)).contains(body);
        if (!body.isEmpty()) {
            assertThat(body).startsWith("{").endsWith("}");
        }
    }
}

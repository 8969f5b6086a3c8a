package dev.postern.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.gateway.admission.Verdict.Standing;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpHeaders;

final class RateLimitFieldsTest {
    private static final Meter PLACES = Meter.places("a/concurrency", "k", 8);
    private static final Meter SPEND = Meter.day(LimitKind.DAILY_SPEND, "a/daily-spend", "k", Meter.MOST, 5);
    private static final Meter TOKEN = Meter.life(LimitKind.TOKEN_REQUESTS, "token-requests", "k", 1, 1, 1);

    @ParameterizedTest
    @CsvSource({"0,0ms", "999,999ms", "1000,1s", "1001,2s", "59001,1m0s", "360000,6m0s", "7205000,2h0m5s"})
    void durationWhenWrittenThenAsOpenAiDoes(long millis, String text) {
        assertThat(RateLimitFields.duration(millis)).isEqualTo(text);
    }

    @Test
    void fieldsWhenRefusedForeverThenNoRetryAndStructuredIntegersStayInBounds() {
        HttpHeaders headers = new HttpHeaders();

        RateLimitFields.write(
                new Verdict(
                        Optional.of(TOKEN),
                        Verdict.NEVER,
                        List.of(
                                new Standing(PLACES, 7, 0),
                                new Standing(SPEND, Meter.MOST, 5001),
                                new Standing(TOKEN, 0, Verdict.NEVER))),
                headers);

        assertThat(headers.getFirst("RateLimit-Policy"))
                .isEqualTo("\"a/concurrency\";q=8;qu=\"concurrent-requests\","
                        + " \"a/daily-spend\";q=999999999999999;w=86400;qu=\"spend-micros\","
                        + " \"token-requests\";q=1;qu=\"requests\"");
        assertThat(headers.getFirst("RateLimit"))
                .isEqualTo("\"a/concurrency\";r=7, \"a/daily-spend\";r=999999999999999;t=6, \"token-requests\";r=0");
        assertThat(headers.getFirst("RateLimit-Limit")).isEqualTo("1");
        assertThat(headers.containsHeader("RateLimit-Reset")).isFalse();
        assertThat(headers.containsHeader("Retry-After")).isFalse();
        assertThat(headers.getFirst("x-should-retry")).isEqualTo("false");
        assertThat(RateLimitFields.names()).containsAll(headers.headerNames());
    }
}

package dev.postern.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.gateway.admission.Verdict.Standing;
import dev.postern.policy.Facts;
import dev.postern.test.MutableClock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LastQuotasTest {
    private static final Meter REQUESTS = Meter.bucket(LimitKind.REQUESTS, "r", "r", 3, 6, 1);
    private static final Meter TOKENS = Meter.bucket(LimitKind.MODEL_TOKENS, "m", "m", 1000, 600, 1000);
    private static final Meter SPEND = Meter.day(LimitKind.DAILY_SPEND, "s", "s", 500, 500);

    private final MutableClock clock = MutableClock.atNoon();
    private final LastQuotas quotas = new LastQuotas(clock);

    @Test
    void leftWhenBucketsRefillThenItSaysSo() {
        keep(new Standing(REQUESTS, 0, 30_000), new Standing(TOKENS, 0, 100_000), new Standing(SPEND, 0, 40_000));
        assertThat(left()).isEqualTo(new Facts.Quota(0, 0, 0));

        clock.advance(Duration.ofMillis(9_999));
        assertThat(left()).isEqualTo(new Facts.Quota(0, 99, 0));
        clock.advance(Duration.ofMillis(1));
        assertThat(left()).isEqualTo(new Facts.Quota(1, 100, 0));
        clock.advance(Duration.ofSeconds(30));
        // Midnight has been.
        assertThat(left()).isEqualTo(new Facts.Quota(3, 400, 500));
    }

    @Test
    void leftWhenSeveralLimitOneThingThenTheLeast() {
        Meter never = Meter.life(LimitKind.TOKEN_REQUESTS, "t", "t", 1, 1, 60_000);
        keep(new Standing(REQUESTS, 2, 10_000), new Standing(never, 0, Verdict.NEVER));
        clock.advance(Duration.ofSeconds(50));

        assertThat(left()).isEqualTo(new Facts.Quota(0, Facts.Quota.UNLIMITED, Facts.Quota.UNLIMITED));
    }

    @Test
    void leftWhenNobodyKnowsOrAMinuteHasPassedThenUnknown() {
        assertThat(left()).isEqualTo(Facts.Quota.UNKNOWN);
        keep(new Standing(SPEND, 0, 4_000_000));
        clock.advance(Duration.ofSeconds(61));

        assertThat(left()).isEqualTo(Facts.Quota.UNKNOWN);
    }

    private void keep(Standing... standings) {
        quotas.keep("demo", "c-1", new Verdict(Optional.empty(), 0, List.of(standings)));
    }

    private Facts.Quota left() {
        return quotas.left("demo", "c-1");
    }
}

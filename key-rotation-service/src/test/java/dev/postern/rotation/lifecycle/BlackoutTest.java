package dev.postern.rotation.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// 2026-11-23 is a Monday.
final class BlackoutTest {
    @ParameterizedTest
    @CsvSource({
        "MON-FRI 08:00-18:00, 2026-11-23T08:00:00Z, true",
        "MON-FRI 08:00-18:00, 2026-11-23T07:59:59Z, false",
        "MON-FRI 08:00-18:00, 2026-11-27T17:59:59Z, true",
        "MON-FRI 08:00-18:00, 2026-11-27T18:00:00Z, false",
        "MON-FRI 08:00-18:00, 2026-11-28T12:00:00Z, false",
        "08:00-09:00, 2026-11-29T08:30:00Z, true",
        "SAT 22:00-04:00, 2026-11-28T23:00:00Z, true",
        "SAT 22:00-04:00, 2026-11-29T03:59:59Z, true",
        "SAT 22:00-04:00, 2026-11-29T04:00:00Z, false",
        "SAT 22:00-04:00, 2026-11-28T03:00:00Z, false",
        "SUN-MON 00:00-01:00, 2026-11-23T00:30:00Z, true",
        "sun-mon 00:00-01:00, 2026-11-24T00:30:00Z, false"
    })
    void coversItsHours(String text, Instant moment, boolean covered) {
        assertThat(Blackout.parse(text).covers(moment)).isEqualTo(covered);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "always",
                "08:00",
                "08:00-08:00",
                "25:00-26:00",
                "XXX 08:00-09:00",
                "MON-XXX 08:00-09:00",
                "8-9"
            })
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> Blackout.parse(text)).isInstanceOf(RuntimeException.class);
    }
}

package dev.postern.auditing.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ShardNameTest {

    @ParameterizedTest
    @CsvSource({
        "2026-11-23T00:00:00Z, 2026w48",
        "2026-11-22T23:59:59.999Z, 2026w47",
        "2027-01-03T12:00:00Z, 2026w53",
        "2027-01-04T00:00:00Z, 2027w01",
        "2024-12-30T00:00:00Z, 2025w01",
    })
    void weeksAreIsoWeeksInUtc(Instant instant, String name) {
        assertThat(ShardName.at(instant)).hasToString(name);
    }

    @Test
    void namesSortByTime() {
        assertThat(new ShardName("2026w53")).isLessThan(new ShardName("2027w01"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2026w4", "2026-48", "2026w99", "../2026w48", "2026w48/"})
    void anythingElseIsNoShard(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> new ShardName(text));
    }
}

package dev.postern.audit.root;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class RootEntryTest {
    private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");

    static final List<RootEntry> ALL = List.of(
            new RootEntry.ShardOpened(NOON, "2026w48", "localhost/audit/2026w48+01020304+AQ=="),
            new RootEntry.ShardClosed(NOON, "2026w48", "localhost/audit/2026w48\n7\nAAAA\n\n\u2014 x y\n"),
            new RootEntry.ShardDeleted(NOON, "2026w48"),
            new RootEntry.EpochDestroyed(NOON, "2026-08-01"),
            new RootEntry.HoldPlaced(NOON, "case-7", Set.of("2026w48", "2026-11-01")),
            new RootEntry.HoldReleased(NOON, "case-7"));

    @ParameterizedTest
    @FieldSource("ALL")
    void entryWhenWrittenThenReadBack(RootEntry entry) {
        assertThat(RootEntry.parse(entry.bytes())).hasValue(entry);
    }

    @Test
    void entryWhenWrittenThenCanonical() {
        assertThat(new String(ALL.get(4).bytes(), StandardCharsets.UTF_8))
                .isEqualTo("{\"held\":[\"2026-11-01\",\"2026w48\"],\"hold\":\"case-7\","
                        + "\"time\":\"2026-11-26T12:00:00.000Z\",\"type\":\"hold-placed\"}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"shard\":\"2026w48\",\"time\":\"2026-11-26T12:00:00.000Z\",\"type\":\"of-a-later-release\"}",
                "{\"shard\":\"../..\",\"time\":\"2026-11-26T12:00:00.000Z\",\"type\":\"shard-deleted\"}",
                "{\"shard\":\"2026w48\",\"time\":\"soon\",\"type\":\"shard-deleted\"}",
                "{\"shard\":\"2026w48\",\"time\":\"2026-11-26T12:00:00Z\",\"type\":\"shard-deleted\"}",
                "{\"shard\":\"2026w48\",\"time\":\"2026-11-26T12:00:00.000Z\",\"type\":\"shard-deleted\",\"x\":\"y\"}",
                "{\"day\":\"2026-02-30\",\"time\":\"2026-11-26T12:00:00.000Z\",\"type\":\"epoch-destroyed\"}"
            })
    void otherBytesWhenReadThenNothing(String leaf) {
        assertThat(RootEntry.parse(leaf.getBytes(StandardCharsets.UTF_8))).isEmpty();
    }

    @Test
    void holdWhenItNamesNothingOrAnythingElseThenRefused() {
        for (Set<String> held : List.of(Set.<String>of(), Set.of("2026"), Set.of("2026-13-01"))) {
            assertThatThrownBy(() -> new RootEntry.HoldPlaced(NOON, "case-7", held))
                    .isInstanceOf(RuntimeException.class);
        }
        assertThatThrownBy(() -> new RootEntry.HoldReleased(NOON, "Case 7"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void stateWhenEntriesAreReadThenWhatTheyComeTo() {
        RootState state = RootState.of(ALL.subList(0, 5));
        assertThat(state.shards()).containsExactly("2026w48");
        assertThat(state.shard("2026w48").vkey()).hasValue("localhost/audit/2026w48+01020304+AQ==");
        assertThat(state.shard("2026w48").closed()).hasValue(NOON);
        assertThat(state.shard("2026w48").deleted()).isTrue();
        assertThat(state.shard("2026w49").vkey()).isEmpty();
        assertThat(state.isDestroyed(LocalDate.of(2026, 8, 1))).isTrue();
        assertThat(state.isDestroyed(LocalDate.of(2026, 8, 2))).isFalse();
        assertThat(state.holds()).isEqualTo(Map.of("case-7", Set.of("2026w48", "2026-11-01")));
        assertThat(RootState.of(ALL).holds()).isEmpty();
    }

    @Test
    void shardWhenOpenedAgainWithAnotherKeyThenTheFirstStands() {
        RootState state = RootState.of(List.of(ALL.getFirst(), new RootEntry.ShardOpened(NOON, "2026w48", "another")));
        assertThat(state.shard("2026w48").vkey())
                .hasValueSatisfying(vkey -> assertThat(vkey).contains("01020304"));
    }

    @Test
    void firstDayWhenAWeekThenItsMondayAndTheOtherWayRound() {
        for (LocalDate monday = LocalDate.of(2019, 12, 30);
                monday.isBefore(LocalDate.of(2033, 1, 1));
                monday = monday.plusDays(7)) {
            assertThat(RootEntry.firstDay(RootEntry.shardOf(monday))).isEqualTo(monday);
            assertThat(RootEntry.shardOf(monday.plusDays(6))).isEqualTo(RootEntry.shardOf(monday));
        }
        assertThat(RootEntry.shardOf(RootEntry.firstDay("2025w53")))
                .as("2025 has 52 weeks")
                .isEqualTo("2026w01");
    }

    @Test
    void holdWhenItNamesADayThenItsShardIsHeldAndTheOtherWayRound() {
        RootState day = RootState.of(List.of(
                new RootEntry.ShardClosed(Instant.parse("2026-11-26T00:00:05Z"), "2026w46", "its end"),
                new RootEntry.ShardClosed(Instant.parse("2026-11-25T23:59:59Z"), "2026w47", "its end"),
                new RootEntry.HoldPlaced(NOON, "case-7", Set.of("2026-11-26"))));
        assertThat(day.isHeld("2026w48")).isTrue();
        assertThat(day.isHeld("2026w46"))
                .as("it went on while the next shard's key was out of reach")
                .isTrue();
        assertThat(day.isHeld("2026w47")).isFalse();
        assertThat(day.isHeld("2026w49")).isFalse();
        assertThat(day.isHeld(LocalDate.of(2026, 11, 26))).isTrue();
        assertThat(day.isHeld(LocalDate.of(2026, 11, 19)))
                .as("sealed while later keys were out of reach")
                .isTrue();
        assertThat(day.isHeld(LocalDate.of(2026, 12, 3)))
                .as("sealed after earlier keys were called compromised")
                .isTrue();
        assertThat(day.isHeld(LocalDate.of(2026, 11, 18))).isFalse();
        assertThat(day.isHeld(LocalDate.of(2026, 12, 4))).isFalse();

        RootState shard = RootState.of(List.of(new RootEntry.HoldPlaced(NOON, "case-7", Set.of("2026w48"))));
        assertThat(shard.isHeld("2026w48")).isTrue();
        assertThat(shard.isHeld(LocalDate.of(2026, 11, 16)))
                .as("a week before its Monday")
                .isTrue();
        assertThat(shard.isHeld(LocalDate.of(2026, 11, 15))).isFalse();
        assertThat(shard.isHeld(LocalDate.of(2026, 12, 6))).isTrue();
        assertThat(shard.isHeld(LocalDate.of(2026, 12, 7))).isFalse();
    }
}

package dev.postern.auditing.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postern.auditing.epoch.Epoch;
import dev.postern.auditing.epoch.IndexKey;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.ProgressHandler;

/// A day's file that is sound, and cannot be read for a moment.
final class DayIndexTest {
    private static final Epoch DAY = Epoch.at(Instant.parse("2026-11-23T12:00:00Z"));

    @TempDir
    Path home;

    private DayTables tables;
    private DayIndex day;

    @BeforeEach
    void create() throws IOException, SQLException {
        tables = IndexStore.files(home).day(DAY);
        day = DayIndex.create(DAY, tables, IndexKey.ofClearLeaves(), Stretch.NONE);
    }

    /// Every statement ends with `SQLITE_INTERRUPT`.
    private Connection interrupted() throws SQLException {
        Connection connection = tables.forComparing();
        ProgressHandler.setHandler(connection, 1, new ProgressHandler() {
            @Override
            protected int progress() {
                return 1;
            }
        });
        return connection;
    }

    @Test
    void snapshotWhenTheDayCannotBeReadForAMomentThenRefusedAndTheDayStays() {
        IndexStore.Moment moment = new IndexStore.Moment() {
            @Override
            public Connection of(DayTables day) throws SQLException {
                return interrupted();
            }

            @Override
            public void close() {}
        };
        assertThatExceptionOfType(IndexIncomplete.class).isThrownBy(() -> day.snapshot(moment));
        assertThat(day.isDamaged()).isFalse();
    }

    @Test
    void comparisonWhenTheDayCannotBeReadForAMomentThenNoDifferenceButAFailure() throws Exception {
        try (Connection live = interrupted();
                Connection rebuilt = tables.forComparing();
                IndexStore.Moment moment = IndexStore.files(home).moment()) {
            DaySnapshot sound = day.snapshot(moment);
            DayComparison comparison = new DayComparison(live, rebuilt, 0, sound::isAtFault, () -> {});
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(comparison::first)
                    .withMessageContaining("SQLITE_INTERRUPT");
        }
    }
}

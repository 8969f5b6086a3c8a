package dev.postern.auditing.shard;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.IsoFields;
import java.util.regex.Pattern;

/// An ISO week, for example `2026w48`. Sorts by time.
public record ShardName(String value) implements Comparable<ShardName> {

    private static final Pattern FORM = Pattern.compile("[0-9]{4}w[0-5][0-9]");

    public ShardName {
        if (!isName(value)) {
            throw new IllegalArgumentException("a shard is named like 2026w48");
        }
    }

    public static boolean isName(String text) {
        return FORM.matcher(text).matches();
    }

    /// The week in which an instant lies, in UTC.
    public static ShardName at(Instant instant) {
        ZonedDateTime utc = instant.atZone(ZoneOffset.UTC);
        return new ShardName(
                "%04dw%02d".formatted(utc.get(IsoFields.WEEK_BASED_YEAR), utc.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR)));
    }

    /// The Monday with which the week begins.
    public LocalDate firstDay() {
        return LocalDate.of(Integer.parseInt(value.substring(0, 4)), 1, 4)
                .with(IsoFields.WEEK_OF_WEEK_BASED_YEAR, Integer.parseInt(value.substring(5)))
                .with(DayOfWeek.MONDAY);
    }

    @Override
    public int compareTo(ShardName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}

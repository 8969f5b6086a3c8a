package dev.postern.auditing.epoch;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/// A UTC day: what was sealed in it opens under its keys, and is shredded with them.
///
/// @param day  days since 1970-01-01, up to the year 9999
public record Epoch(int day) implements Comparable<Epoch> {
    private static final int LAST = (int) LocalDate.of(9999, 12, 31).toEpochDay();

    public Epoch {
        if (day < 0 || day > LAST) {
            throw new IllegalArgumentException("an epoch is a day between 1970 and 9999");
        }
    }

    public static boolean isDay(int day) {
        return day >= 0 && day <= LAST;
    }

    public static Epoch at(Instant instant) {
        return of(LocalDate.ofInstant(instant, ZoneOffset.UTC));
    }

    public static Epoch of(LocalDate date) {
        return new Epoch(Math.toIntExact(date.toEpochDay()));
    }

    public Epoch next() {
        return new Epoch(day + 1);
    }

    @Override
    public int compareTo(Epoch other) {
        return Integer.compare(day, other.day);
    }

    /// The date, for example `2026-11-26`.
    @Override
    public String toString() {
        return LocalDate.ofEpochDay(day).toString();
    }
}

package dev.postern.rotation.lifecycle;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Hours of the week in which the schedule replaces no key. Times are UTC: `08:00-18:00`, `MON-FRI 08:00-18:00`,
/// `SAT 22:00-04:00` (until Sunday morning).
///
/// Non-guarantee: a first key, an operator's wish, a compromise, and the end of a window do not wait.
///
/// @param first the first day of the week it begins on
/// @param last the last one, which may be earlier in the week than the first
public record Blackout(DayOfWeek first, DayOfWeek last, LocalTime from, LocalTime to) {
    private static final Pattern FORM =
            Pattern.compile("(?:([A-Z]{3})(?:-([A-Z]{3}))? )?(\\d\\d:\\d\\d)-(\\d\\d:\\d\\d)");

    /// Reads one.
    ///
    /// @throws IllegalArgumentException for anything else
    public static Blackout parse(String text) {
        Matcher form = FORM.matcher(text.strip().toUpperCase(Locale.ROOT));
        if (!form.matches()) {
            throw new IllegalArgumentException("a blackout is written like MON-FRI 08:00-18:00");
        }
        DayOfWeek first = form.group(1) == null ? DayOfWeek.MONDAY : day(form.group(1));
        DayOfWeek last = form.group(1) == null ? DayOfWeek.SUNDAY : form.group(2) == null ? first : day(form.group(2));
        LocalTime from = LocalTime.parse(form.group(3));
        LocalTime to = LocalTime.parse(form.group(4));
        if (from.equals(to)) {
            throw new IllegalArgumentException("a blackout ends at another time than it begins");
        }
        return new Blackout(first, last, from, to);
    }

    private static DayOfWeek day(String name) {
        return Arrays.stream(DayOfWeek.values())
                .filter(day -> day.name().startsWith(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("a blackout's days are MON to SUN"));
    }

    public boolean covers(Instant moment) {
        ZonedDateTime there = moment.atZone(ZoneOffset.UTC);
        LocalTime time = there.toLocalTime();
        if (from.isBefore(to)) {
            return beginsOn(there.getDayOfWeek()) && !time.isBefore(from) && time.isBefore(to);
        }
        return (beginsOn(there.getDayOfWeek()) && !time.isBefore(from))
                || (beginsOn(there.getDayOfWeek().minus(1)) && time.isBefore(to));
    }

    private boolean beginsOn(DayOfWeek day) {
        int length = Math.floorMod(last.getValue() - first.getValue(), 7);
        return Math.floorMod(day.getValue() - first.getValue(), 7) <= length;
    }
}

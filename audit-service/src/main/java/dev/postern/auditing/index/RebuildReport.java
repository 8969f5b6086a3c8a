package dev.postern.auditing.index;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.postern.auditing.epoch.Epoch;
import dev.postern.auditing.index.DayComparison.Difference;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How far a rebuild of the index is, or what it found.
///
/// @param state       what to make of it
/// @param entries     events that were read from the log so far, and are in the rebuilt index
/// @param of          leaves of the log when it began: events, the shards' marks, and what is shredded
/// @param days        days that were compared
/// @param different   days in which the live index was not what the log says; they are replaced, or made anew
/// @param difference  the first row in which the first of them differs
/// @param failure     why it could not be told, as a sentence
/// @param milliseconds since it began, until it ended
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RebuildReport(
        State state,
        long entries,
        long of,
        int days,
        List<String> different,
        @Nullable Difference difference,
        @Nullable String failure,
        long milliseconds) {
    /// Before the first one.
    static final RebuildReport NONE = new RebuildReport(State.NONE, 0, 0, 0, List.of(), null, null, 0);

    public RebuildReport {
        different = List.copyOf(different);
    }

    /// What became of a rebuild.
    public enum State {
        /// None was asked for since the start.
        NONE,
        READING,
        COMPARING,
        /// The live index holds what the log says, and nothing else.
        EQUAL,
        /// It does not.
        DIFFERENT,
        /// Nobody knows.
        FAILED
    }

    /// Of one that begins.
    static RebuildReport reading(long of) {
        return new RebuildReport(State.READING, 0, of, 0, List.of(), null, null, 0);
    }

    RebuildReport with(State now) {
        return new RebuildReport(now, entries, of, days, different, difference, failure, milliseconds);
    }

    RebuildReport withRead(int events) {
        return new RebuildReport(state, entries + events, of, days, different, difference, failure, milliseconds);
    }

    /// A day more was compared.
    RebuildReport withDay() {
        return new RebuildReport(state, entries, of, days + 1, different, difference, failure, milliseconds);
    }

    /// A day more differs.
    RebuildReport with(Epoch day, Difference found) {
        return new RebuildReport(
                state,
                entries,
                of,
                days,
                Stream.concat(different.stream(), Stream.of(day.toString())).toList(),
                difference == null ? found : difference,
                failure,
                milliseconds);
    }

    RebuildReport failed(String why) {
        return new RebuildReport(State.FAILED, entries, of, days, different, difference, why, milliseconds);
    }

    RebuildReport after(long passed) {
        return new RebuildReport(state, entries, of, days, different, difference, failure, passed);
    }
}

package dev.postern.auditing.index;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How far a rebuild of the index is, or what it found.
///
/// @param state       what to make of it
/// @param entries     events that were read from the log so far, and are in the rebuilt index
/// @param of          leaves of the log when it began: events, the shards' marks, and what is shredded
/// @param days        days that were compared
/// @param different   days in which the live index was not what the log says; they are replaced
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
        DayComparison.@Nullable Difference difference,
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
}

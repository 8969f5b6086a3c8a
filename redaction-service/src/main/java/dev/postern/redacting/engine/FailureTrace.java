package dev.postern.redacting.engine;

import java.util.Arrays;
import java.util.List;

/// What may be logged of a failure: what it was and where. Never its message, which may quote the text that was looked
/// at, whatever the logging configuration does.
public record FailureTrace(String failure, List<StackTraceElement> frames) {
    private static final int FRAMES = 12;

    public static FailureTrace of(Throwable failure) {
        return new FailureTrace(
                failure.getClass().getName(),
                Arrays.stream(failure.getStackTrace()).limit(FRAMES).toList());
    }

    @Override
    public String toString() {
        return failure + " at " + frames;
    }
}

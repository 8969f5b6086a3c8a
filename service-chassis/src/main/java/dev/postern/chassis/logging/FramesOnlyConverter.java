package dev.postern.chassis.logging;

import ch.qos.logback.classic.pattern.ThrowableHandlingConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import org.jspecify.annotations.Nullable;

/// Prints a throwable as its class and at most [#FRAMES] frames per cause.
///
/// Guarantee: no message of any exception is printed. Non-guarantee: a message that a library formats into the log
/// line itself passes; the root level is `warn` for that reason.
public final class FramesOnlyConverter extends ThrowableHandlingConverter {
    private static final int FRAMES = 12;
    private static final int CAUSES = 4;

    @Override
    public String convert(ILoggingEvent event) {
        StringBuilder out = new StringBuilder();
        @Nullable IThrowableProxy throwable = event.getThrowableProxy();
        for (int depth = 0; throwable != null && depth < CAUSES; depth++) {
            out.append(depth == 0 ? "  " : "  caused by ")
                    .append(throwable.getClassName())
                    .append('\n');
            StackTraceElementProxy[] frames = throwable.getStackTraceElementProxyArray();
            for (int i = 0; i < Math.min(FRAMES, frames.length); i++) {
                out.append("    ").append(frames[i].getSTEAsString()).append('\n');
            }
            throwable = throwable.getCause();
        }
        return out.toString();
    }
}

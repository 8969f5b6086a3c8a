package dev.postern.cli.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// What a process uses, from Linux's `/proc`. Elsewhere everything is 0.
public final class ProcessUsage {
    /// `USER_HZ`, which Linux has fixed at 100 for user space.
    private static final long TICKS_PER_SECOND = 100;
    private static final int PAGE_KILOBYTES = 4;

    private ProcessUsage() {}

    public static long residentMegabytes(long pid) {
        String[] fields = fields(pid, "statm");
        return fields.length > 1 ? Long.parseLong(fields[1]) * PAGE_KILOBYTES / 1024 : 0;
    }

    /// User and system time since the process started.
    public static Duration cpu(long pid) {
        String[] fields = fields(pid, "stat");
        // The second field is the program's name in parentheses and has no blank in our programs.
        return fields.length > 14
                ? Duration.ofMillis((Long.parseLong(fields[13]) + Long.parseLong(fields[14])) * 1000 / TICKS_PER_SECOND)
                : Duration.ZERO;
    }

    private static String[] fields(long pid, String file) {
        Path path = Path.of("/proc", Long.toString(pid), file);
        try {
            return Files.isReadable(path) ? Files.readString(path).split(" ") : new String[0];
        } catch (IOException _) {
            return new String[0];
        }
    }
}

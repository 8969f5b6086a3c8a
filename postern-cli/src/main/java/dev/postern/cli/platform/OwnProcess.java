package dev.postern.cli.platform;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A process that a launcher started, recognised by pid and start time: a pid that the system gave to another program
/// since is never touched.
public record OwnProcess(String name, long pid, Instant startedAt) {
    private static final Pattern HEAP = Pattern.compile("-Xmx(\\d{1,6})m");
    /// The system tells start times to a hundredth of a second, computed from the boot time, which may be corrected.
    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    static OwnProcess of(String name, ProcessHandle handle) {
        return new OwnProcess(name, handle.pid(), handle.info().startInstant().orElse(Instant.EPOCH));
    }

    public boolean alive() {
        return handle().isPresent();
    }

    /// What its JVM was told to use at most (`-Xmx…m`); 0 when the system does not tell.
    public int heapMegabytes() {
        return handle().flatMap(handle -> handle.info().arguments())
                .flatMap(arguments -> Arrays.stream(arguments)
                        .map(HEAP::matcher)
                        .filter(Matcher::matches)
                        .map(heap -> Integer.parseInt(heap.group(1)))
                        .findFirst())
                .orElse(0);
    }

    /// Asks it to end, waits, and ends it by force when it has not.
    public void stop(Duration grace) throws InterruptedException {
        Optional<ProcessHandle> handle = handle();
        if (handle.isPresent()) {
            handle.get().destroy();
            if (!ended(handle.get(), grace)) {
                handle.get().destroyForcibly();
                ended(handle.get(), grace);
            }
        }
    }

    /// Ends it at once, as a crash would.
    public void kill() throws InterruptedException {
        Optional<ProcessHandle> handle = handle();
        if (handle.isPresent()) {
            handle.get().destroyForcibly();
            ended(handle.get(), Duration.ofSeconds(10));
        }
    }

    private Optional<ProcessHandle> handle() {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::isSame);
    }

    private boolean isSame(ProcessHandle handle) {
        Instant started = handle.info().startInstant().orElse(Instant.EPOCH);
        return Duration.between(startedAt, started).abs().compareTo(TOLERANCE) < 0;
    }

    private static boolean ended(ProcessHandle handle, Duration wait) throws InterruptedException {
        try {
            handle.onExit().get(wait.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException _) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("waiting for a process does not fail", e);
        }
    }
}

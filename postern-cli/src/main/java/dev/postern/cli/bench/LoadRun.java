package dev.postern.cli.bench;

import dev.postern.cli.terminal.Failure;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// A closed loop: each connection sends its next request when the answer to the last one is there.
public final class LoadRun {
    private LoadRun() {}

    /// What a load came to.
    ///
    /// @param failed answers with another status than 200
    public record Result(Latencies latencies, int failed, Duration took) {}

    public static Result run(Target target, int connections, Duration duration) throws InterruptedException {
        long began = System.nanoTime();
        long end = began + duration.toNanos();
        try (ExecutorService executor = Executors.newFixedThreadPool(connections)) {
            List<Future<Result>> loops = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                loops.add(executor.submit(() -> loop(target, end)));
            }
            Latencies all = new Latencies();
            int failed = 0;
            for (Future<Result> loop : loops) {
                Result one = loop.get();
                all.addAll(one.latencies());
                failed += one.failed();
            }
            return new Result(all, failed, Duration.ofNanos(System.nanoTime() - began));
        } catch (ExecutionException e) {
            throw new Failure("The load run against " + target.name() + " broke off.", e);
        }
    }

    private static Result loop(Target target, long end) throws IOException {
        Latencies latencies = new Latencies();
        int failed = 0;
        KeepAliveConnection connection = new KeepAliveConnection(target.address(), target.tls());
        try {
            for (long before = System.nanoTime(); before < end; ) {
                byte[] request = target.requests().next();
                if (request == null) {
                    break;
                }
                int status = connection.exchange(request);
                long after = System.nanoTime();
                if (status == 200) {
                    latencies.add((after - before) / 1000);
                } else {
                    failed++;
                }
                if (!connection.kept()) {
                    connection.close();
                    connection = new KeepAliveConnection(target.address(), target.tls());
                    after = System.nanoTime();
                }
                before = after;
            }
        } finally {
            connection.close();
        }
        return new Result(latencies, failed, Duration.ZERO);
    }
}

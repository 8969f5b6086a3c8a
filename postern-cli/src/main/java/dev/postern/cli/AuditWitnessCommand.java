package dev.postern.cli;

import dev.postern.cli.audit.ServedAddress;
import dev.postern.cli.audit.witness.KeyFiles;
import dev.postern.cli.audit.witness.KeyServers;
import dev.postern.cli.audit.witness.WitnessServer;
import dev.postern.cli.connect.ListenAddress;
import dev.postern.cli.connect.ListenAddress.Reach;
import dev.postern.cli.platform.Upstream;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import dev.postern.tlog.witness.LogKeys;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `postern audit witness`: serves until it is ended.
@Command(
        name = "witness",
        description = "Cosigns the checkpoints of logs that only grow (C2SP tlog-witness).",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Let it run where the operator of the log cannot: it is worth as much as it is somebody else's. Its key is",
            "made at the first start. What it has seen lies in DIR and must not be lost."
        })
final class AuditWitnessCommand implements Callable<Integer> {
    private static final String SLOWEST_REQUEST_SECONDS = "10";

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            defaultValue = "127.0.0.1:8190",
            description = "Where to listen (default: ${DEFAULT-VALUE}).")
    private String listen = "";

    @Option(names = "--state", required = true, paramLabel = "DIR", description = "Its key and what it has seen.")
    private @Nullable Path state;

    @Option(
            names = "--name",
            defaultValue = "localhost/witness",
            description = "Its name, like a host and a path (default: ${DEFAULT-VALUE}).")
    private String name = "";

    @Option(
            names = "--log",
            required = true,
            paramLabel = "VKEY|FILE|DIR|URL",
            description =
                    "A log's key; of a directory every *.vkey, now and later; of a server, such as"
                            + " https://localhost:8843/log/localhost/audit, each log's key as it first says it. Can be repeated.")
    private List<String> logs = List.of();

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description =
                    "The authority to trust for a URL (default: this platform's for this machine, else the JDK's).")
    private @Nullable Path ca;

    @Override
    public Integer call() throws InterruptedException {
        if (state == null) {
            throw new Failure(ExitCode.USAGE, "Say with --state where its key and its records lie.");
        }
        // Of the JDK's server, read once, when it is first used: who sends slowly does not hold a place for ever.
        System.setProperty("sun.net.httpserver.maxReqTime", SLOWEST_REQUEST_SECONDS);
        Surroundings surroundings = Surroundings.real(Upstream.SIMULATOR);
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        Thread hook = Thread.ofPlatform().unstarted(() -> stop(ended, closed));
        try (WitnessServer witness = WitnessServer.start(
                ListenAddress.parse(listen, Reach.ANYWHERE).socket(),
                state,
                name,
                keys(surroundings, state),
                surroundings.clock(),
                surroundings.random(),
                surroundings.progress())) {
            Runtime.getRuntime().addShutdownHook(hook);
            System.out.println("verifier key   " + witness.key());
            System.out.println("listens at     http://" + witness.address().getHostString() + ":"
                    + witness.address().getPort());
            System.out.flush();
            ended.await();
        } finally {
            closed.countDown();
        }
        return 0;
    }

    private LogKeys keys(Surroundings surroundings, Path home) {
        List<LogKeys> servers = logs.stream()
                .filter(ServedAddress::isUrl)
                .map(url -> KeyServers.at(url, LogTrust.of(url, ca, surroundings), home, surroundings.clock()))
                .toList();
        return KeyFiles.of(
                logs.stream().filter(place -> !ServedAddress.isUrl(place)).toList(), servers);
    }

    private static void stop(CountDownLatch ended, CountDownLatch closed) {
        try {
            ended.countDown();
            closed.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}

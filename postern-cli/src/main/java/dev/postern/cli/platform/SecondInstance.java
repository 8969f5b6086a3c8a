package dev.postern.cli.platform;

import dev.postern.cli.home.JoinTokens;
import dev.postern.cli.home.PrivateFiles;
import dev.postern.cli.home.SecretText;
import dev.postern.cli.operator.Operator;
import dev.postern.cli.terminal.Failure;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// A second instance of a service, beside the one of a running platform: same program and home, ports and data
/// directory of its own. `postern down` stops it as well, should nobody else have. For one thread.
public final class SecondInstance implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(15);

    private final PlatformSettings settings;
    private final Ports.Replica ports;
    private final ProcessRecords records;
    private final OwnProcess process;
    /// Ctrl-C ends this program, and not what it has started.
    private final Thread hook;

    private SecondInstance(PlatformSettings settings, Ports.Replica ports, ProcessRecords records, OwnProcess process) {
        this.settings = settings;
        this.ports = ports;
        this.records = records;
        this.process = process;
        this.hook = Thread.ofPlatform().unstarted(this::stop);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /// Starts it; it is not ready yet.
    ///
    /// @param variables what it is told beyond what the first one is
    public static SecondInstance start(
            PlatformSettings settings,
            PlatformService service,
            Map<String, String> variables,
            SecureRandom random,
            Clock clock)
            throws InterruptedException {
        String name = service.artifact() + "-2";
        Ports.Replica ports = settings.ports().beside(service);
        ProcessRecords records = new ProcessRecords(settings.home());
        // One that was left behind by a program that was killed.
        for (OwnProcess left : records.find(name).stream().toList()) {
            left.stop(GRACE);
        }
        Map<String, String> all = new HashMap<>(variables);
        all.putAll(ports.environment());
        JoinTokens joinTokens = new JoinTokens(settings.home(), new SecretText(random), clock);
        OwnProcess process = new PlatformProcesses(settings, joinTokens, records).startBeside(service, name, all);
        return new SecondInstance(settings, ports, records, process);
    }

    /// Returns when it is ready.
    ///
    /// @throws Failure when it ended, or was not ready in time
    public void awaitReady(Clock clock) throws InterruptedException {
        try (ReadinessProbe probe = new ReadinessProbe(new Operator(settings.home()).tls(), settings.ports())) {
            boolean ready = Deadline.await(
                    settings.patience(), clock, () -> !process.alive() || probe.ready(ports.managementEndpoint()));
            if (!ready || !process.alive()) {
                throw new Failure(process.name() + " did not become ready; see its log, "
                        + settings.home().log(process.name()));
            }
        }
    }

    public URI endpoint() {
        return ports.endpoint();
    }

    /// Ends it at once, as a crash would.
    public void kill() throws InterruptedException {
        process.kill();
    }

    /// Stops it, and waits.
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // the end has begun, and the hook with it
        }
        stop();
    }

    private void stop() {
        try {
            process.stop(GRACE);
            records.remove(process.name());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            PrivateFiles.delete(settings.home().data(process.name()).resolve("join-token"));
        }
    }
}

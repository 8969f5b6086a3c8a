package dev.postern.cli.platform;

import dev.postern.cli.home.HomePreparation;
import dev.postern.cli.home.JoinTokens;
import dev.postern.cli.home.PosternHome;
import dev.postern.cli.home.RestoringDirectory;
import dev.postern.cli.home.SecretText;
import dev.postern.cli.operator.Operator;
import dev.postern.cli.terminal.Failure;
import dev.postern.cli.terminal.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// One local platform: Redis, the simulator and the six services, each a process of its own.
///
/// Not for use by two threads, nor by two command lines at once.
public final class Platform {
    private static final Duration GRACE = Duration.ofSeconds(15);

    private final PlatformSettings settings;
    private final SecureRandom random;
    private final Clock clock;
    private final Progress progress;
    private final ProcessRecords records;

    public Platform(PlatformSettings settings, SecureRandom random, Clock clock, Progress progress) {
        this.settings = settings;
        this.random = random;
        this.clock = clock;
        this.progress = progress;
        this.records = new ProcessRecords(settings.home());
    }

    public PlatformSettings settings() {
        return settings;
    }

    /// True when every service's process lives.
    public boolean running() {
        for (PlatformService service : PlatformService.values()) {
            if (!alive(service.artifact())) {
                return false;
            }
        }
        return true;
    }

    /// What a restore that was interrupted has opened goes, unless the platform of before lies there, too.
    ///
    /// @throws Failure if it does, or a restore is under way
    public void requireRestored() {
        PosternHome home = settings.home();
        if (!Files.exists(home.restoring())) {
            return;
        }
        try (RestoringDirectory restoring = RestoringDirectory.hold(home)) {
            if (restoring.isUnfinished()) {
                throw new Failure(
                        "A restore was not finished in " + home.root() + ": repeat it with ./postern backup restore.");
            }
            restoring.remove();
        } catch (IOException e) {
            throw new Failure(home.restoring() + " cannot be removed: do it, since it holds opened files.", e);
        }
    }

    /// Starts whatever is missing and returns when every service is ready.
    ///
    /// @throws Failure with the name of the service that did not come up and the end of its log; by then
    ///     everything this call started is stopped again
    public void up() throws InterruptedException {
        requireRestored();
        settings.kms().requireOwn(settings.home());
        if (running()) {
            progress.say("The platform is already running.");
            return;
        }
        down();
        requireFreePorts();
        AotTraining training = new AotTraining(settings, random, clock, progress);
        training.runIfNeeded();
        start(Launch.NORMAL);
    }

    /// Stops what `up` started, last start first, and nothing else.
    public void down() throws InterruptedException {
        down(GRACE);
    }

    /// @param grace how long each process may take to end by itself
    void down(Duration grace) throws InterruptedException {
        List<OwnProcess> processes = records.all();
        // Services first, in the reverse order of their start; what they write to (audit, then Redis) outlives them.
        for (OwnProcess process : processes) {
            if (process.alive()) {
                progress.detail("stopping " + process.name());
                process.stop(grace);
            }
            records.remove(process.name());
        }
        Ports.forget(settings.home());
    }

    /// Stops one service, starts it again, and waits until it is ready.
    public void restart(PlatformService service) throws InterruptedException {
        stop(service);
        start(service);
    }

    /// Starts one service after it was stopped, and waits until it is ready.
    public void start(PlatformService service) throws InterruptedException {
        OwnProcess process = processes().start(service, Launch.NORMAL);
        awaitReady(EnumSet.of(service), List.of(process), Deadline.in(settings.patience(), clock));
    }

    public void stop(PlatformService service) throws InterruptedException {
        stop(service, GRACE);
    }

    /// Several services may be stopped at a time.
    void stop(PlatformService service, Duration grace) throws InterruptedException {
        for (OwnProcess process : records.find(service.artifact()).stream().toList()) {
            process.stop(grace);
            records.remove(process.name());
        }
    }

    public void stopSimulator() throws InterruptedException {
        for (OwnProcess process :
                records.find(PlatformProcesses.SIMULATOR).stream().toList()) {
            process.stop(GRACE);
            records.remove(process.name());
        }
    }

    public void startSimulator() {
        var _ = processes().startSimulator();
    }

    public void stopRedis() throws InterruptedException {
        for (OwnProcess process : records.find(RedisServer.NAME).stream().toList()) {
            process.stop(GRACE);
            records.remove(process.name());
        }
    }

    /// Starts Redis, empty, and waits until it answers.
    public void startRedis() throws InterruptedException {
        PlatformProcesses processes = processes();
        List<OwnProcess> started = List.of(processes.startRedis());
        Deadline deadline = Deadline.in(settings.patience(), clock);
        while (!processes.redis().answers()) {
            requireAlive(started);
            requireTime(deadline, RedisServer.NAME);
            Deadline.step();
        }
    }

    /// The process behind a name, when it lives.
    public OwnProcess process(String name) {
        return records.running(name);
    }

    boolean alive(String name) {
        return records.find(name).filter(OwnProcess::alive).isPresent();
    }

    void start(Launch launch) throws InterruptedException {
        Instant began = clock.instant();
        new HomePreparation(settings.home(), random).run();
        settings.ports().record(settings.home());
        List<OwnProcess> started = new ArrayList<>();
        boolean complete = false;
        try (StopOnInterrupt _ = new StopOnInterrupt(this)) {
            startAll(launch, started);
            complete = true;
        } finally {
            if (!complete) {
                progress.say("Stopping what was started.");
                down();
            }
        }
        progress.detail("ready after " + seconds(Duration.between(began, clock.instant())));
    }

    private void startAll(Launch launch, List<OwnProcess> started) throws InterruptedException {
        Deadline deadline = Deadline.in(settings.patience(), clock);
        PlatformProcesses processes = processes();
        started.add(processes.startRedis());
        if (settings.upstream().isSimulator()) {
            started.add(processes.startSimulator());
        }
        // The authority first: while it starts, the others would only compete with it for the processors.
        started.add(processes.start(PlatformService.ROTATION, launch));
        joinOperator(started, deadline);
        progress.detail("key-rotation-service gives out certificates");
        for (PlatformService service : PlatformService.values()) {
            if (service != PlatformService.ROTATION) {
                started.add(processes.start(service, launch));
            }
        }
        awaitReady(EnumSet.allOf(PlatformService.class), started, deadline);
        while (!processes.redis().answers()) {
            requireAlive(started);
            requireTime(deadline, "Redis");
            Deadline.step();
        }
    }

    private void joinOperator(List<OwnProcess> started, Deadline deadline) throws InterruptedException {
        Operator operator = new Operator(settings.home());
        try (ExecutorService waiting = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> joined = waiting.submit(() -> operator.join(
                    settings.ports().endpoint(PlatformService.ROTATION), joinTokens(), clock, settings.patience()));
            try {
                while (!joined.isDone()) {
                    requireAlive(started);
                    requireTime(deadline, PlatformService.ROTATION.artifact());
                    Deadline.step();
                }
                joined.get();
            } catch (ExecutionException e) {
                throw new Failure(
                        "The operator got no certificate from key-rotation-service.\n"
                                + tail(PlatformService.ROTATION.artifact()),
                        e);
            } finally {
                joined.cancel(true);
            }
        }
    }

    private void awaitReady(Set<PlatformService> services, List<OwnProcess> started, Deadline deadline)
            throws InterruptedException {
        Set<PlatformService> missing = EnumSet.copyOf(services);
        Operator operator = new Operator(settings.home());
        try (ReadinessProbe probe = new ReadinessProbe(operator.tls(), settings.ports())) {
            while (!missing.isEmpty()) {
                requireAlive(started);
                for (PlatformService service : EnumSet.copyOf(missing)) {
                    if (probe.ready(service)) {
                        missing.remove(service);
                        progress.detail(service.artifact() + " is ready");
                    }
                }
                if (!missing.isEmpty()) {
                    requireTime(deadline, missing.iterator().next().artifact());
                    Deadline.step();
                }
            }
        }
    }

    private void requireAlive(List<OwnProcess> started) {
        for (OwnProcess process : started) {
            if (!process.alive()) {
                throw new Failure(
                        process.name() + " ended while it started. The end of its log:\n" + tail(process.name()));
            }
        }
    }

    private void requireTime(Deadline deadline, String waitingFor) {
        if (deadline.passed()) {
            throw new Failure(waitingFor + " was not ready within " + seconds(settings.patience())
                    + ". The end of its log:\n" + tail(waitingFor));
        }
    }

    private String tail(String name) {
        return LogTail.of(settings.home().log(name)) + "\n(" + settings.home().log(name) + ")";
    }

    private void requireFreePorts() {
        for (int port : settings.ports().all()) {
            if (!Ports.isFree(port)) {
                throw new Failure(
                        "Port " + port + " is taken by another program. Stop it, or set POSTERN_PORT_OFFSET.");
            }
        }
    }

    PlatformProcesses processes() {
        return new PlatformProcesses(settings, joinTokens(), records);
    }

    private JoinTokens joinTokens() {
        PosternHome home = settings.home();
        return new JoinTokens(home, new SecretText(random), clock);
    }

    private static String seconds(Duration duration) {
        return "%.1f s".formatted(duration.toMillis() / 1000.0);
    }
}

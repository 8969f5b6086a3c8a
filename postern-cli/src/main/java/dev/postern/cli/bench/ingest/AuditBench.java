package dev.postern.cli.bench.ingest;

import dev.postern.cli.bench.Latencies;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.platform.PlatformSettings;
import dev.postern.cli.platform.ServiceIdentity;
import dev.postern.cli.terminal.Failure;
import dev.postern.cli.terminal.Progress;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// How many events a second the audit-service acknowledges, which means that they are on the disk, over mutual TLS from
/// eight producers; how long until a checkpoint covers them; and what an event costs who records it. Beside it, in the
/// same run, the fsyncs of the same disk.
public final class AuditBench {
    /// Whoever may send events, each with two spools.
    private static final List<PlatformService> SOURCES =
            List.of(PlatformService.GATEWAY, PlatformService.TOKEN, PlatformService.REDACTION, PlatformService.RELAY);

    private static final int SPOOLS = 2;
    private static final int GOAL = 3_000;
    private static final List<Load> LOADS = List.of(new Load.Paced(GOAL), new Load.Closed(1), new Load.Closed(64));
    private static final Duration FSYNCS = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final PlatformSettings settings;
    private final Clock clock;
    private final SecureRandom random;
    private final Progress progress;

    public AuditBench(PlatformSettings settings, Clock clock, SecureRandom random, Progress progress) {
        this.settings = settings;
        this.clock = clock;
        this.random = random;
        this.progress = progress;
    }

    /// Measures the disk, then each load, then a producer.
    ///
    /// @param warmup before anything is measured; a JVM needs 30 s of load before its figures settle
    /// @param each the length of each measurement
    public AuditReport run(Duration warmup, Duration each) throws InterruptedException {
        List<WorkloadIdentity> identities = new ArrayList<>();
        List<Producer> producers = new ArrayList<>();
        try (BenchLog log = BenchLog.start(settings, random, clock);
                Publications publications = Publications.watch(log.shards())) {
            for (PlatformService source : SOURCES) {
                WorkloadIdentity identity = ServiceIdentity.join(settings, source, random, clock);
                identities.add(identity);
                for (int spool = 0; spool < SPOOLS; spool++) {
                    producers.add(producer(identity, log, "bench-" + source.artifact() + "-" + spool));
                }
            }
            progress.say("Warming up for " + warmup.toSeconds() + " s.");
            for (Load load : LOADS) {
                var _ = send(producers, load, warmup.dividedBy(LOADS.size()));
            }
            progress.detail("bare fsyncs, " + FSYNCS.toSeconds() + " s");
            FsyncRate fsync = FsyncRate.measure(log.directory(), FSYNCS);
            List<AuditFigure> figures = new ArrayList<>();
            for (Load load : LOADS) {
                figures.add(measure(log, publications, producers, load, each));
            }
            progress.detail("recording in a producer, " + each.toSeconds() + " s");
            WorkloadIdentity identity = identities.getFirst();
            RecordCost record = RecordCost.measure(
                    identity.current().spiffeId(),
                    log.directory().resolveSibling("bench-spool"),
                    log.endpoint(),
                    identity.httpClient(server(identity), PATIENCE),
                    clock,
                    each.dividedBy(2),
                    each);
            return AuditReport.of(figures, fsync, record);
        } finally {
            producers.forEach(Producer::close);
            identities.forEach(WorkloadIdentity::close);
        }
    }

    private Producer producer(WorkloadIdentity identity, BenchLog log, String spool) {
        String source = identity.current().spiffeId().toString();
        return new Producer(
                identity.httpClient(server(identity), PATIENCE),
                log.endpoint(),
                new Batches(source, spool, clock.instant()));
    }

    private static URI server(WorkloadIdentity identity) {
        return new TrustDomain(identity.current().spiffeId().getAuthority()).idOf(PlatformService.AUDIT.artifact());
    }

    private AuditFigure measure(
            BenchLog log, Publications publications, List<Producer> producers, Load load, Duration each)
            throws InterruptedException {
        progress.detail(producers.size() + " producers, " + load.label() + ", " + each.toSeconds() + " s");
        Duration before = log.cpu();
        long began = System.nanoTime();
        Acknowledged acknowledged = send(producers, load, each);
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        Latencies publication = publications.delays(acknowledged.last(), PATIENCE);
        return AuditFigure.of(
                load,
                producers.size(),
                acknowledged,
                publication,
                took,
                log.cpu().minus(before));
    }

    private static Acknowledged send(List<Producer> producers, Load load, Duration duration)
            throws InterruptedException {
        try (ExecutorService executor = Executors.newFixedThreadPool(producers.size())) {
            List<Future<Acknowledged>> sending = new ArrayList<>();
            for (Producer producer : producers) {
                sending.add(executor.submit(() -> producer.send(load, producers.size(), duration)));
            }
            List<Acknowledged> each = new ArrayList<>();
            for (Future<Acknowledged> one : sending) {
                each.add(one.get());
            }
            return Acknowledged.all(each);
        } catch (ExecutionException e) {
            throw new Failure("The load on the audit-service broke off.", e);
        }
    }
}

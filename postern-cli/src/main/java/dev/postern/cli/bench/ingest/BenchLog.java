package dev.postern.cli.bench.ingest;

import dev.postern.cli.home.Directories;
import dev.postern.cli.home.PrivateFiles;
import dev.postern.cli.home.SecretText;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.platform.PlatformSettings;
import dev.postern.cli.platform.ProcessRecords;
import dev.postern.cli.platform.ProcessUsage;
import dev.postern.cli.platform.SecondInstance;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/// A second audit-service beside the platform's, with a log and keys of its own: what is logged for ever is no place
/// for the events of a benchmark. All of it goes in the end.
final class BenchLog implements AutoCloseable {
    private static final String NAME = PlatformService.AUDIT.artifact() + "-2";
    private static final String ORIGIN = "localhost/bench";

    private final PlatformSettings settings;
    private final SecondInstance service;

    private BenchLog(PlatformSettings settings, SecondInstance service) {
        this.settings = settings;
        this.service = service;
    }

    /// Returns when it takes events.
    static BenchLog start(PlatformSettings settings, SecureRandom random, Clock clock) throws InterruptedException {
        Path data = settings.home().data(NAME);
        delete(data);
        PrivateFiles.write(data.resolve("kms-passphrase"), new SecretText(random).next());
        Map<String, String> variables = Map.of(
                "POSTERN_AUDIT_LOG_DIRECTORY",
                directory(settings).toString(),
                "POSTERN_AUDIT_LOG_ORIGIN",
                ORIGIN,
                "POSTERN_KMS_KIND",
                "local");
        BenchLog log =
                new BenchLog(settings, SecondInstance.start(settings, PlatformService.AUDIT, variables, random, clock));
        try {
            log.service.awaitReady(clock);
        } catch (InterruptedException | RuntimeException e) {
            log.close();
            throw e;
        }
        return log;
    }

    private static Path directory(PlatformSettings settings) {
        return settings.home().data(NAME).resolve("audit");
    }

    URI endpoint() {
        return service.endpoint();
    }

    /// Where it has its files: `log/`, `wal/`.
    Path directory() {
        return directory(settings);
    }

    Path shards() {
        return directory().resolve("log").resolve(ORIGIN);
    }

    /// Processor time so far.
    Duration cpu() {
        return ProcessUsage.cpu(
                new ProcessRecords(settings.home()).running(NAME).pid());
    }

    @Override
    public void close() {
        service.close();
        delete(settings.home().data(NAME));
    }

    private static void delete(Path directory) {
        try {
            Directories.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.postern.cli;

import dev.postern.cli.audit.AuditVerification;
import dev.postern.cli.audit.EarlierCheckpoints;
import dev.postern.cli.audit.PinnedKeys;
import dev.postern.cli.audit.ServedVerification;
import dev.postern.cli.audit.VerificationProgress;
import dev.postern.cli.audit.archive.ArchiveReport;
import dev.postern.cli.audit.archive.ArchiveVerification;
import dev.postern.cli.platform.Upstream;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import dev.postern.tlog.Inconsistency;
import dev.postern.tlog.PriorKnowledge;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `postern audit verify`: ends 0 only when every log is sound, and 9 when one is not.
@Command(
        name = "verify",
        description = "Checks whole logs from public data: signatures, every entry, every tile. Or an archive.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "A directory holds log/ and vkeys/. An address is https://host:port for all logs there, or",
            "https://host:port/log/<origin> for one. A file is what audit export wrote. A key that comes from the same hand as the log proves",
            "that the log is whole, not whose it is: --vkey does. Ends 0 when all is sound, 9 when something is not, 1 when it cannot be told."
        })
final class AuditVerifyCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "DIR|URL|FILE",
            description = "A directory, where logs are served, or an archive (default: this platform's directory).")
    private @Nullable String target;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description =
                    "The authority to trust for a URL (default: this platform's for this machine, else the JDK's).")
    private @Nullable Path ca;

    @Option(
            names = "--vkey",
            paramLabel = "FILE|TEXT",
            description =
                    "The key of a log, instead of the one beside it; an ML-DSA-44 key must have signed too. Can be"
                            + " repeated.")
    private List<String> keys = List.of();

    @Option(
            names = "--since",
            paramLabel = "CHECKPOINT",
            description = "An earlier signed checkpoint, or a directory with such: the log must only have grown since.")
    private List<Path> since = List.of();

    @Option(
            names = "--witness",
            paramLabel = "FILE|TEXT",
            description = "A witness' key: it must have cosigned the checkpoint. Can be repeated.")
    private List<String> witnesses = List.of();

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        Surroundings surroundings = Surroundings.real(Upstream.SIMULATOR);
        PriorKnowledge prior = new PriorKnowledge(
                PinnedKeys.of(
                        keys.stream().filter(key -> !PinnedKeys.isSecond(key)).toList()),
                EarlierCheckpoints.in(since),
                PinnedKeys.witnesses(witnesses),
                PinnedKeys.second(keys));
        VerificationProgress progress = new VerificationProgress(surroundings.progress(), surroundings.clock());
        if (target != null && !ServedVerification.isUrl(target) && Files.isRegularFile(Path.of(target))) {
            return archive(Path.of(target), prior, progress);
        }
        List<AuditVerification.Shard> shards = run(surroundings, prior, progress);
        boolean sound = shards.stream().allMatch(shard -> shard.report().sound());
        if (json) {
            System.out.println(document(shards, sound, prior, progress));
        } else {
            shards.forEach(shard -> print(shard, prior));
            surroundings
                    .progress()
                    .say(String.format(
                            Locale.ROOT,
                            "%,d entries in %.1f s (%,d entries/s)",
                            progress.entries(),
                            progress.elapsed().toMillis() / 1000.0,
                            progress.entriesPerSecond()));
        }
        return (sound ? ExitCode.DONE : ExitCode.NOT_SOUND).code();
    }

    private List<AuditVerification.Shard> run(
            Surroundings surroundings, PriorKnowledge prior, VerificationProgress progress)
            throws InterruptedException {
        if (target != null && ServedVerification.isUrl(target)) {
            try (ServedVerification served =
                    new ServedVerification(target, LogTrust.of(target, ca, surroundings), prior)) {
                return served.run(progress);
            }
        }
        Path directory = target == null ? surroundings.settings().home().auditLog() : Path.of(target);
        return new AuditVerification(directory, prior, progress).run();
    }

    private int archive(Path file, PriorKnowledge prior, VerificationProgress progress) {
        if (!since.isEmpty()) {
            throw new Failure(
                    ExitCode.USAGE, "An archive does not hold a whole log: --since needs a directory or URL.");
        }
        ArchiveReport report = ArchiveVerification.verify(file, prior, progress);
        if (json) {
            System.out.println(document(report, prior));
        } else {
            report.logs()
                    .forEach(log -> System.out.println(
                            "       " + log.origin() + ": " + log.checkpoint().size() + " entries, root "
                                    + log.checkpoint().root().base64() + unpinned(log.origin(), prior)));
            System.out.println(report.fault()
                    .map(fault -> "BROKEN " + file + ": line " + fault.line()
                            + (fault.index() < 0 ? "" : ", entry " + fault.index()) + ": " + fault.what())
                    .orElse("ok     " + file + ": " + report.events() + " events, each in its log"));
        }
        return (report.sound() ? ExitCode.DONE : ExitCode.NOT_SOUND).code();
    }

    private static ObjectNode document(ArchiveReport report, PriorKnowledge prior) {
        ObjectNode document =
                new JsonMapper().createObjectNode().put("ok", report.sound()).put("events", report.events());
        ArrayNode logs = document.putArray("logs");
        report.logs()
                .forEach(log -> logs.addObject()
                        .put("origin", log.origin())
                        .put("key", prior.key(log.origin()).isPresent() ? "pinned" : "in the archive")
                        .put("size", log.checkpoint().size())
                        .put("root", log.checkpoint().root().base64()));
        report.fault()
                .ifPresent(fault -> document.putObject("inconsistency")
                        .put("line", fault.line())
                        .put("index", fault.index())
                        .put("what", fault.what()));
        return document;
    }

    private static void print(AuditVerification.Shard shard, PriorKnowledge prior) {
        System.out.println(shard.report()
                .inconsistency()
                .map(wrong -> "BROKEN " + shard.origin() + ": " + sentence(wrong))
                .orElseGet(() -> shard.deleted()
                        ? "gone   " + shard.origin() + ": deleted, says the root log"
                        : "ok     " + shard.origin() + ": " + found(shard, prior)));
    }

    private static String found(AuditVerification.Shard shard, PriorKnowledge prior) {
        return shard.report().leaves() + " entries, root "
                + shard.report()
                        .checkpoint()
                        .map(checkpoint -> checkpoint.root().base64())
                        .orElse("?")
                + unpinned(shard.origin(), prior)
                + (prior.second().containsKey(shard.origin()) ? ", signed with ML-DSA-44 too" : "")
                + (prior.checkpoints().containsKey(shard.origin()) ? ", only grown" : "")
                + (prior.witnesses().isEmpty() ? "" : ", cosigned");
    }

    /// Whoever shows a log under a key that came with it shows that it is whole, not whose it is.
    private static String unpinned(String origin, PriorKnowledge prior) {
        return prior.key(origin).isPresent() ? "" : ", its key not pinned";
    }

    private static String sentence(Inconsistency wrong) {
        return (wrong.index() < 0 ? "" : "entry " + wrong.index() + ", ") + wrong.path() + ": " + wrong.what();
    }

    private static ObjectNode document(
            List<AuditVerification.Shard> shards, boolean sound, PriorKnowledge prior, VerificationProgress progress) {
        ObjectNode document = new JsonMapper()
                .createObjectNode()
                .put("ok", sound)
                .put("entries", progress.entries())
                .put("milliseconds", progress.elapsed().toMillis())
                .put("entries_per_second", progress.entriesPerSecond());
        ArrayNode logs = document.putArray("logs");
        for (AuditVerification.Shard shard : shards) {
            ObjectNode log = logs.addObject()
                    .put("origin", shard.origin())
                    .put("ok", shard.report().sound())
                    .put("deleted", shard.deleted())
                    .put("key", prior.key(shard.origin()).isPresent() ? "pinned" : "beside the log")
                    .put("second_key", prior.second().containsKey(shard.origin()))
                    .put("witnesses", prior.witnesses().size())
                    .put("since", prior.checkpoints().containsKey(shard.origin()))
                    .put("entries", shard.report().leaves());
            shard.report()
                    .checkpoint()
                    .ifPresent(checkpoint -> log.put("size", checkpoint.size())
                            .put("root", checkpoint.root().base64()));
            shard.report()
                    .inconsistency()
                    .ifPresent(wrong -> log.putObject("inconsistency")
                            .put("index", wrong.index())
                            .put("path", wrong.path())
                            .put("what", wrong.what()));
        }
        return document;
    }
}

package dev.postern.cli;

import dev.postern.cli.audit.archive.ArchiveReport;
import dev.postern.cli.audit.archive.ArchiveVerification;
import dev.postern.cli.audit.archive.AuditExport;
import dev.postern.cli.operator.Operator;
import dev.postern.cli.operator.PlatformHttp;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.platform.Upstream;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import dev.postern.tlog.PriorKnowledge;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/// `postern audit export`: writes an archive and checks it.
@Command(
        name = "export",
        description = "Writes events with their proofs into one file, which audit verify checks without any service.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "The platform has to be up; its operator's certificate is used. The file holds events in the clear.",
            "A system that collects OCSF takes: jq -c 'select(.ocsf | type == \"object\") | .ocsf' FILE"
        })
final class AuditExportCommand implements Callable<Integer> {
    @Option(names = "--out", required = true, paramLabel = "FILE", description = "A file that does not exist yet.")
    private @Nullable Path out;

    @Option(names = "--type", paramLabel = "TYPE", description = "Only these, for example dev.postern.token.issued.")
    private @Nullable String type;

    @Option(names = "--since", paramLabel = "TIME", description = "From then on, for example 2026-11-26T09:00:00Z.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Before then.")
    private @Nullable String until;

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        if (out == null) {
            throw new Failure(ExitCode.USAGE, "Say with --out where to write.");
        }
        Surroundings surroundings = Surroundings.real(Upstream.SIMULATOR);
        AuditExport.Selection selection =
                new AuditExport.Selection(Optional.ofNullable(type), time(since), time(until));
        try (PlatformHttp http =
                new PlatformHttp(new Operator(surroundings.settings().home()).tls())) {
            new AuditExport(
                            surroundings.settings().ports().endpoint(PlatformService.AUDIT),
                            http,
                            surroundings.clock(),
                            surroundings.progress())
                    .write(out, selection);
        }
        ArchiveReport report = ArchiveVerification.verify(out, PriorKnowledge.NONE, (_, _) -> {});
        if (json) {
            System.out.println(new JsonMapper()
                    .createObjectNode()
                    .put("ok", report.sound())
                    .put("file", out.toString())
                    .put("events", report.events()));
        } else {
            System.out.println(report.fault()
                    .map(fault -> "BROKEN " + out + ": line " + fault.line() + ": " + fault.what())
                    .orElse(report.events() + " events in " + out + ", each proven"));
        }
        return report.sound() ? 0 : 1;
    }

    private static Optional<Instant> time(@Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException e) {
            throw new Failure("A time looks like 2026-11-26T09:00:00Z.", e);
        }
    }
}

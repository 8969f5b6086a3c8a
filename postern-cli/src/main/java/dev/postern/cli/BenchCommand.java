package dev.postern.cli;

import picocli.CommandLine.Command;

/// `postern bench`: groups the benchmarks.
@Command(
        name = "bench",
        description = "Measures the running platform.",
        mixinStandardHelpOptions = true,
        subcommands = {
            BenchEdgeCommand.class,
            BenchTokensCommand.class,
            BenchSealedCommand.class,
            BenchRedactionCommand.class,
            BenchAuditCommand.class,
            BenchAuditVerifyCommand.class,
            BenchAuditQueryCommand.class
        })
final class BenchCommand {}

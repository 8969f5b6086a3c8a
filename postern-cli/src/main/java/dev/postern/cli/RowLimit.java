package dev.postern.cli;

import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import picocli.CommandLine.Option;

/// The option of lists that tells how many rows are wanted.
final class RowLimit {
    @Option(
            names = "--limit",
            defaultValue = "50",
            paramLabel = "COUNT",
            description = "How many (default: ${DEFAULT-VALUE}).")
    private int rows;

    /// At least one.
    ///
    /// @throws Failure when fewer are asked for
    int rows() {
        if (rows < 1) {
            throw new Failure(ExitCode.USAGE, "--limit tells how many to list: give 1 or more.");
        }
        return rows;
    }
}

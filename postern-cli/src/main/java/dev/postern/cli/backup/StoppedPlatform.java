package dev.postern.cli.backup;

import dev.postern.cli.platform.OwnProcess;
import dev.postern.cli.platform.ProcessRecords;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;

/// Copies of files that are being written do not fit together.
final class StoppedPlatform {
    private StoppedPlatform() {}

    /// @throws Failure while any process of the platform lives
    static void require(ProcessRecords processes) {
        if (processes.all().stream().anyMatch(OwnProcess::alive)) {
            throw new Failure(ExitCode.REFUSED, "The platform runs: stop it first with ./postern down.");
        }
    }
}

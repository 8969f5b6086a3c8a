package dev.postern.cli;

import dev.postern.redact.scan.ScannerChoice;
import picocli.CommandLine.Option;

/// `--scanner`, for commands that run the redaction engine in their own process.
final class ScannerOption {
    @Option(
            names = "--scanner",
            defaultValue = "auto",
            description = "What searches the text: auto, native or portable; all find the same. Default:"
                    + " ${DEFAULT-VALUE}.")
    private ScannerChoice choice = ScannerChoice.AUTO;

    ScannerChoice choice() {
        return choice;
    }
}

package dev.postern.cli;

import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import dev.postern.redact.detection.Detection;
import dev.postern.redact.detection.DetectionSettings;
import dev.postern.redact.name.UnusableNameModel;
import dev.postern.redact.pack.InvalidRulePack;
import dev.postern.redact.scan.ScannerChoice;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// `--scanner`, `--pack` and `--names-model`, for commands that run the redaction engine in their own process.
final class EngineOptions {
    @Option(
            names = "--scanner",
            defaultValue = "auto",
            description = "What searches the text: auto, native or portable; all find the same. Default:"
                    + " ${DEFAULT-VALUE}.")
    private ScannerChoice choice = ScannerChoice.AUTO;

    @Option(
            names = "--names-model",
            paramLabel = "DIR",
            description =
                    "Finds names by the model in DIR (model.onnx, tokenizer.json, config.json) instead of the built-in"
                            + " one; in a build with -Ponnx.")
    private @Nullable Path nameModel;

    @Option(
            names = "--pack",
            paramLabel = "FILE",
            description = "Adds the rules of a pack of your own (YAML); may be given several times.")
    private List<Path> packs = List.of();

    /// The engine, reporting what is at least so sure.
    Detection detection(double threshold) {
        if (!(threshold >= 0 && threshold <= 1)) {
            throw new Failure(ExitCode.USAGE, "--threshold must be a number from 0 to 1.");
        }
        try {
            return Detection.standard(DetectionSettings.STANDARD
                    .withThreshold(threshold)
                    .withScanner(choice)
                    .withPacks(packs)
                    .withNameModel(Optional.ofNullable(nameModel)));
        } catch (InvalidRulePack e) {
            throw new Failure(ExitCode.FAILED, "--pack: " + e.getMessage() + ".");
        } catch (UnusableNameModel e) {
            throw new Failure(ExitCode.FAILED, "--names-model: " + e.getMessage() + ".");
        } catch (IllegalStateException e) {
            if (choice != ScannerChoice.NATIVE) {
                throw e;
            }
            throw new Failure(ExitCode.FAILED, e.getMessage() + " Choose --scanner portable or auto.");
        }
    }

    /// The engine as it is meant to run.
    Detection detection() {
        return detection(DetectionSettings.STANDARD.threshold());
    }
}

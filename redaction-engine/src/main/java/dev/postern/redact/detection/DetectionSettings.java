package dev.postern.redact.detection;

import dev.postern.redact.scan.ScannerChoice;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// How a [Detection] runs.
///
/// @param threshold the lowest score that is reported
/// @param nameModel the directory of a model that finds names in place of the built-in tier
/// @param packs files of rule packs of one's own, which add to the built-in ones
public record DetectionSettings(double threshold, ScannerChoice scanner, Optional<Path> nameModel, List<Path> packs) {
    /// What is at least as likely as not, on the scanner that suits this machine, with the built-in tier.
    public static final DetectionSettings STANDARD =
            new DetectionSettings(0.5, ScannerChoice.AUTO, Optional.empty(), List.of());

    public DetectionSettings withThreshold(double lowest) {
        return new DetectionSettings(lowest, scanner, nameModel, packs);
    }

    public DetectionSettings withScanner(ScannerChoice choice) {
        return new DetectionSettings(threshold, choice, nameModel, packs);
    }

    public DetectionSettings withNameModel(Optional<Path> directory) {
        return new DetectionSettings(threshold, scanner, directory, packs);
    }

    public DetectionSettings withPacks(List<Path> files) {
        return new DetectionSettings(threshold, scanner, nameModel, List.copyOf(files));
    }
}

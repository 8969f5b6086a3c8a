package dev.postern.redact.scan;

/// Which scanner an engine runs on, and why, for a log line or a report.
///
/// @param name `native` or `portable`
public record ScannerInUse(String name, String reason) {
    static final String NATIVE = "native";
    static final String PORTABLE = "portable";

    @Override
    public String toString() {
        return name + " scanner: " + reason;
    }
}

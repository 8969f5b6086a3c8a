package dev.postern.redact.scan;

/// Which scanner an engine is to run on. Both find the same spans.
public enum ScannerChoice {
    /// The faster one: by measurement the portable one, on every platform. See docs/redaction.md.
    AUTO,
    /// The native one, or no engine.
    NATIVE,
    /// The one that needs nothing but the JDK.
    PORTABLE
}

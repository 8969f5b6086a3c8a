package dev.postern.redact.scan;

/// Which scanner an engine is to run on. Both find the same spans.
public enum ScannerChoice {
    /// The portable one, on every platform: it starts sooner and needs no library. See docs/redaction.md for figures.
    AUTO,
    /// The native one, or no engine.
    NATIVE,
    /// The one that needs nothing but the JDK.
    PORTABLE
}

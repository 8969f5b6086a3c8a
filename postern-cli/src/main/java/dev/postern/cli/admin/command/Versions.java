package dev.postern.cli.admin.command;

/// Versions as people type them.
final class Versions {
    private Versions() {}

    /// `3` and `"3"` both name the entity tag `"3"`.
    static String etag(String version) {
        return version.startsWith("\"") ? version : "\"" + version + "\"";
    }
}

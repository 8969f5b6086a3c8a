package dev.postern.cli.platform;

/// How programs are started.
enum Launch {
    /// With the cache, when there is one.
    NORMAL,
    /// Without one, noting what it should hold.
    TRAINING
}

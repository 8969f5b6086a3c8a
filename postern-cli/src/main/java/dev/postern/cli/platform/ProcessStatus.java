package dev.postern.cli.platform;

/// One process as `status` shows it.
///
/// @param pid 0 when it does not run
/// @param ready answers as ready on its management port (or, for Redis and the simulator, runs)
/// @param residentMegabytes memory in use, 0 when unknown
public record ProcessStatus(String name, long pid, boolean ready, long residentMegabytes) {}

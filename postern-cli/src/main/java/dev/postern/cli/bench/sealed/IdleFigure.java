package dev.postern.cli.bench.sealed;

/// Sessions that live and say next to nothing.
///
/// @param heapMegabytes what the relay's JVM may use; 0 when the system does not tell
/// @param beforeMegabytes resident, before the first session was opened
/// @param afterMegabytes resident, with all of them
/// @param alive sessions that answered in the end
public record IdleFigure(int sessions, int heapMegabytes, long beforeMegabytes, long afterMegabytes, int alive) {}

package dev.postern.cli.demo;

/// One step of the demonstration.
interface DemoCheck {
    /// The fixed name under which the result is reported.
    String id();

    /// Runs on the platform; the returned sentence says what was found.
    String run(DemoWorld world) throws CheckFailed, InterruptedException;
}

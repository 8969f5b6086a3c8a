package dev.postern.cli.terminal;

import java.io.PrintStream;

/// Progress lines. They go to standard error, so that standard output holds results only.
public final class Progress {
    private final PrintStream out;

    public Progress(PrintStream out) {
        this.out = out;
    }

    public void say(String line) {
        out.println(line);
        out.flush();
    }

    /// A line below the latest heading.
    public void detail(String line) {
        say("  " + line);
    }
}

package dev.postern.cli;

import dev.postern.cli.terminal.Failure;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The program `postern`.
@Command(
        name = "postern",
        description = "Secure real-time data access for large language models.",
        mixinStandardHelpOptions = true,
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            TokenCommand.class,
            DemoCommand.class,
            AuditCommand.class,
            BenchCommand.class
        })
public final class PosternMain {
    private static final int FAILED = 1;

    private PosternMain() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new PosternMain()).setExecutionExceptionHandler((exception, line, _) -> {
            if (exception instanceof Failure failure) {
                line.getErr().println(failure.getMessage());
                return FAILED;
            }
            if (exception instanceof InterruptedException) {
                Thread.currentThread().interrupt();
                line.getErr().println("Interrupted.");
                return FAILED;
            }
            // A bug of ours: its frames help, its text might quote what was sent, so only the type is shown.
            line.getErr().println("Unexpected " + exception.getClass().getName());
            for (StackTraceElement frame : exception.getStackTrace()) {
                line.getErr().println("    at " + frame);
            }
            return FAILED;
        });
    }
}

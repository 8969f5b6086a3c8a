package dev.postern.cli;

import dev.postern.cli.admin.AdminClient;
import dev.postern.cli.admin.command.AdminCommand;
import dev.postern.cli.home.ClientKeys;
import dev.postern.cli.operator.PemIdentity;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.platform.PlatformSettings;
import dev.postern.cli.platform.Upstream;
import dev.postern.cli.terminal.ExitCode;
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
            BackupCommand.class,
            ProofCommand.class,
            KeysCommand.class,
            DrillCommand.class,
            VectorsCommand.class,
            CertificateCommand.class,
            ConnectCommand.class,
            SessionCommand.class,
            BenchCommand.class,
            AnalyzeCommand.class,
            EvalCommand.class,
            RedactCommand.class
        })
public final class PosternMain {
    private PosternMain() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new PosternMain())
                .addSubcommand(new AdminCommand(PosternMain::adminClient))
                // Applies to what was added so far, which is everything. A value may begin with @, and means a file
                // only where an option says so.
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((exception, line, _) -> end(exception, line));
    }

    private static AdminClient adminClient(String client) {
        Surroundings surroundings = Surroundings.real(Upstream.SIMULATOR);
        PlatformSettings settings = surroundings.settings();
        return new AdminClient(
                settings.ports().endpoint(PlatformService.TOKEN),
                PemIdentity.trusting(settings.home().caCertificate()),
                new ClientKeys(settings.home(), client),
                surroundings.clock(),
                surroundings.random());
    }

    private static int end(Exception exception, CommandLine line) {
        if (exception instanceof Failure failure) {
            line.getErr().println(failure.getMessage());
            return failure.code().code();
        }
        if (exception instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            line.getErr().println("Interrupted.");
            return ExitCode.FAILED.code();
        }
        // A bug of ours: its frames help, its text might quote what was sent, so only the type is shown.
        line.getErr().println("Unexpected " + exception.getClass().getName());
        for (StackTraceElement frame : exception.getStackTrace()) {
            line.getErr().println("    at " + frame);
        }
        return ExitCode.FAILED.code();
    }
}

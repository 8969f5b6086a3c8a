package dev.postern.cli.platform;

import dev.postern.cli.home.PosternHome;
import dev.postern.cli.home.PrivateFiles;
import dev.postern.cli.terminal.Failure;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Starts a process that outlives this one: own session, no terminal, output to its log.
final class ProcessStarter {
    /// What the caller's shell may hold for other programs: it could turn on heap dumps or debug logs, and both
    /// would put text on the disk. And an administrator's token for a Vault is for nobody but who was given it.
    private static final Pattern UNWANTED = Pattern.compile(
            "_JAVA_OPTIONS|(JDK_)?JAVA_(TOOL_)?OPTIONS|DEBUG|TRACE|(SPRING|LOGGING|SERVER|MANAGEMENT)_.*"
                    + "|(VAULT|BAO)_TOKEN");

    private final PosternHome home;
    private final ProcessRecords records;

    ProcessStarter(PosternHome home, ProcessRecords records) {
        this.home = home;
        this.records = records;
    }

    OwnProcess start(String name, List<String> command, Map<String, String> environment) {
        // Whatever the program creates, from log to database, is closed to others from the moment it exists.
        List<String> line = new ArrayList<>(List.of("/bin/sh", "-c", "umask 077; exec \"$0\" \"$@\""));
        // A session of its own: neither the terminal's interrupt nor its hang-up reaches the platform.
        onPath("setsid").ifPresent(setsid -> line.add(setsid.toString()));
        line.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        PrivateFiles.log(home.log(name)).toFile()));
        builder.environment()
                .keySet()
                .removeIf(variable -> UNWANTED.matcher(variable).matches());
        builder.environment().putAll(environment);
        try {
            OwnProcess process = OwnProcess.of(name, builder.start().toHandle());
            records.add(process);
            return process;
        } catch (IOException e) {
            throw new Failure("The program " + command.getFirst() + " could not be started.", e);
        }
    }

    private static Optional<Path> onPath(String program) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.of(path.split(File.pathSeparator))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}

package dev.postern.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.test.ProjectFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// A Node project with the packages it wants. Where there is no Node, or no way to the registry, the test that wants it
/// is skipped, with one line that says why: in the report, and where whoever runs the build sees it. Packages that
/// cannot be installed for any other reason, as with a lock file out of step, fail it.
final class NodeProgram {
    /// Its directory below the project's root; whoever works in it holds the lock of this name.
    static final String TYPESCRIPT_CLIENT = "clients/typescript";

    private static final int LEAST_VERSION = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    /// What npm says when nobody answered, or the registry or a proxy before it refused. A package that is not there
    /// (404) is none of that.
    private static final Pattern NO_NETWORK = Pattern.compile(
            "npm (error|ERR!) code (ENOTFOUND|ECONN\\w+|ETIMEDOUT|ERR_SOCKET_TIMEOUT|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|E(401|403|407|429|5\\d\\d))\\b");
    /// Who does not answer is given up within [#PATIENCE].
    private static final String[] INSTALL = {
        "npm",
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--fetch-timeout=60000",
        "--fetch-retries=1",
        "--fetch-retry-mintimeout=1000"
    };

    /// By directory: its packages are fetched once.
    private static final Map<Path, NodeProgram> INSTALLED = new ConcurrentHashMap<>();

    private final Path directory;

    /// What a run printed and how it ended.
    record Outcome(int code, List<String> lines) {
        Outcome {
            lines = List.copyOf(lines);
        }
    }

    private NodeProgram(Path directory) {
        this.directory = directory;
    }

    /// The one under `src/test/node`, installed into `target/`.
    static NodeProgram installed() throws IOException, InterruptedException {
        Path directory = ProjectFiles.root().resolve("system-tests/target/node");
        Files.createDirectories(directory);
        copy(ProjectFiles.root().resolve("system-tests/src/test/node"), directory);
        return installed(directory);
    }

    /// With what the project in `directory` wants, in `directory`.
    static NodeProgram installed(Path directory) throws IOException, InterruptedException {
        NodeProgram before = INSTALLED.get(directory);
        if (before != null) {
            return before;
        }
        Optional<Outcome> version = run(directory, Map.of(), PATIENCE, "node", "--version");
        requireOrSkip(
                version.isPresent() && major(version.get()) >= LEAST_VERSION,
                "Node " + LEAST_VERSION + " or later is not on the PATH.");
        Optional<Outcome> install = run(directory, Map.of(), PATIENCE, INSTALL);
        requireOrSkip(install.isPresent(), "npm is not on the PATH.");
        List<String> said = install.orElseThrow().lines();
        requireOrSkip(
                said.stream().noneMatch(line -> NO_NETWORK.matcher(line).lookingAt()),
                "npm cannot reach its registry.");
        assertThat(install.get().code())
                .as("npm ci in %s: %s", directory, String.join("\n", said))
                .isZero();
        NodeProgram program = new NodeProgram(directory);
        INSTALLED.put(directory, program);
        return program;
    }

    /// A script of the project, by `node`.
    Outcome run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        return ran(environment, "node", arguments);
    }

    /// A step of the project, by `npm`.
    Outcome npm(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        return ran(environment, "npm", arguments);
    }

    private Outcome ran(Map<String, String> environment, String program, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        return run(directory, environment, PATIENCE, command.toArray(String[]::new))
                .orElseThrow(() -> new AssertionError(program + " ran a moment ago"));
    }

    /// Skips the test unless `met`. Surefire shows no reason for a test that is skipped, so it is said here as well.
    static void requireOrSkip(boolean met, String reason) {
        if (!met) {
            System.err.println("Skipped: " + reason);
        }
        Assumptions.assumeTrue(met, reason);
    }

    /// One command, which ends within `patience` or is ended, with all that it has started.
    static Optional<Outcome> run(Path directory, Map<String, String> environment, Duration patience, String... command)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("node-", ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process;
        try {
            process = builder.start();
        } catch (IOException _) {
            return Optional.empty(); // no such program
        }
        try {
            assertThat(process.waitFor(patience))
                    .as("%s ends", List.of(command))
                    .isTrue();
            return Optional.of(new Outcome(process.exitValue(), Files.readAllLines(output)));
        } finally {
            // Before it: without their parent nobody knows them any more.
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            Files.deleteIfExists(output);
        }
    }

    private static int major(Outcome version) {
        return version.code() != 0 || version.lines().isEmpty()
                ? 0
                : Integer.parseInt(version.lines().getFirst().replaceAll("^v(\\d+).*", "$1"));
    }

    private static void copy(Path from, Path to) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> listed = Files.list(from)) {
            listed.filter(Files::isRegularFile).forEach(files::add);
        }
        for (Path file : files) {
            Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}

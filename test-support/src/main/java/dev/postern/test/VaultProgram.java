package dev.postern.test;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The server as a process of a `bao` or `vault` on this machine.
final class VaultProgram implements VaultServer {
    private static final Pattern VERSION = Pattern.compile("Vault v(\\d+)\\.(\\d+)\\.(\\d+)");

    private final Path program;
    private final Path configuration;
    private final VaultForTests.Tls tls;
    private final int port;
    private @Nullable Process process;

    private VaultProgram(Path program, Path configuration, VaultForTests.Tls tls, int port) {
        this.program = program;
        this.configuration = configuration;
        this.tls = tls;
        this.port = port;
    }

    static Optional<VaultServer> start(Path home, VaultForTests.Tls tls) {
        return find().map(found -> {
            int port = VaultServer.freePort();
            Path configuration = VaultServer.configure(home, tls, "127.0.0.1:" + port);
            VaultProgram server = new VaultProgram(found, configuration, tls, port);
            server.launch();
            return server;
        });
    }

    private static Optional<Path> find() {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return find(
                Optional.ofNullable(System.getenv("POSTERN_VAULT_HOME")).orElse(""),
                Stream.concat(
                                Stream.of(path.split(":")),
                                Stream.of(ProjectFiles.root()
                                        .resolve(".postern/tools")
                                        .toString()))
                        .toList());
    }

    /// @param chosen a directory that comes before all others; blank for none
    static Optional<Path> find(String chosen, List<String> directories) {
        return Stream.of(
                        in(List.of(chosen), "bao"),
                        in(List.of(chosen), "vault"),
                        in(directories, "bao"),
                        in(directories, "vault"))
                .flatMap(found -> found)
                .filter(program -> Files.isRegularFile(program) && Files.isExecutable(program))
                .filter(VaultProgram::isOpenSource)
                .findFirst();
    }

    private static Stream<Path> in(List<String> directories, String name) {
        return directories.stream()
                .filter(directory -> !directory.isBlank())
                .map(directory -> Path.of(directory, name));
    }

    private static boolean isOpenSource(Path program) {
        String version = run(new ProcessBuilder(program.toString(), "version"));
        Matcher vault = VERSION.matcher(version);
        if (!vault.find()) {
            return version.contains("OpenBao");
        }
        int[] parts = {number(vault, 1), number(vault, 2), number(vault, 3)};
        return parts[0] == 1 && (parts[1] < 14 || (parts[1] == 14 && parts[2] <= 8));
    }

    private static int number(Matcher matcher, int group) {
        return Integer.parseInt(matcher.group(group));
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public boolean onThisHost() {
        return true;
    }

    @Override
    public void script(Path script, Map<String, String> environment, String token) {
        ProcessBuilder builder = new ProcessBuilder("sh", script.toString());
        builder.environment().putAll(environment);
        builder.environment().put("POSTERN_VAULT_CLI", program.toString());
        for (String prefix : List.of("VAULT", "BAO")) {
            builder.environment().put(prefix + "_ADDR", "https://localhost:" + port);
            builder.environment().put(prefix + "_TOKEN", token);
            builder.environment().put(prefix + "_CACERT", tls.authority().toString());
        }
        require(run(builder));
    }

    @Override
    public void stop() {
        Process running = process;
        if (running != null) {
            running.destroy();
            await(running);
        }
    }

    @Override
    public void startAgain() {
        launch();
    }

    @Override
    public void close() {
        stop();
    }

    private void launch() {
        try {
            Process started = new ProcessBuilder(program.toString(), "server", "-config=" + configuration)
                    .redirectErrorStream(true)
                    .start();
            process = started;
            BufferedReader output = started.inputReader(StandardCharsets.UTF_8);
            StringBuilder said = new StringBuilder();
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                said.append(line).append('\n');
                if (line.contains("server started!")) {
                    Thread.ofPlatform().daemon().name("vault-output").start(() -> drain(output));
                    return;
                }
            }
            throw new IllegalStateException("the Vault did not start:\n" + said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void drain(BufferedReader output) {
        try {
            while (output.readLine() != null) {
                // An unread pipe would stop the server.
            }
        } catch (IOException _) {
            // It ended.
        }
    }

    /// What it printed; the whole as an error if it failed.
    private static String run(ProcessBuilder builder) {
        try {
            Process process = builder.redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return await(process) == 0 ? output : "failed: " + output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void require(String outcome) {
        if (outcome.startsWith("failed: ")) {
            throw new IllegalStateException(outcome);
        }
    }

    private static int await(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            throw VaultServer.interrupted(e);
        }
    }
}

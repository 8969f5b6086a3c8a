package dev.postern.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.platform.PlatformSettings;
import dev.postern.test.ProjectFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// The real command line, `./postern`, told of the platform of these tests; it builds nothing.
final class PosternCommand {
    private static final long PATIENCE_SECONDS = 30;

    private final PlatformSettings settings;

    PosternCommand(PlatformSettings settings) {
        this.settings = settings;
    }

    /// What it printed; it must end well.
    String run(String... arguments) throws InterruptedException {
        Process process = start(arguments);
        try {
            String said = process.inputReader(StandardCharsets.UTF_8).lines().collect(Collectors.joining("\n"));
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue())
                    .as("postern " + String.join(" ", arguments))
                    .isZero();
            return said;
        } finally {
            process.destroyForcibly();
        }
    }

    Process start(String... arguments) {
        List<String> command = new ArrayList<>(List.of("./postern"));
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(ProjectFiles.root().toFile());
        builder.environment()
                .putAll(Map.of(
                        "POSTERN_NO_BUILD", "1",
                        "POSTERN_HOME", settings.home().root().toString(),
                        "POSTERN_PORT_OFFSET", Integer.toString(settings.ports().offset())));
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

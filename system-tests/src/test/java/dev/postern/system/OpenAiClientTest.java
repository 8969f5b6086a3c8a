package dev.postern.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.system.SystemPlatform.Running;
import dev.postern.test.ProjectFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// OpenAI's own client in another language (npm `openai`) talks to `./postern connect`, which seals for it.
@Order(17)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@ExtendWith(SystemPlatform.class)
class OpenAiClientTest {
    private static final String BASE_URL = "base URL for clients";

    @Test
    void clientWhenForeignThenIsServedByTheSidecar(Running platform) throws Exception {
        NodeProgram program = NodeProgram.installed();
        Process sidecar = sidecar(platform);
        try {
            NodeProgram.Outcome outcome = program.run(Map.of("POSTERN_SIDECAR", baseUrl(sidecar)), "main.js", "openai");

            assertThat(outcome.lines())
                    .containsExactlyElementsOf(List.of(
                            "ok models",
                            "ok chat",
                            "ok many-chats",
                            "ok stream",
                            "ok stream-left",
                            "ok embeddings",
                            "ok unknown-model",
                            "ok unknown-model-streamed",
                            "ok malformed",
                            "ok not-there"));
            assertThat(outcome.code()).isZero();
            sidecar.destroy();
            assertThat(sidecar.waitFor(15, TimeUnit.SECONDS))
                    .as("ends when it is told to")
                    .isTrue();
        } finally {
            sidecar.destroyForcibly();
        }
    }

    private static Process sidecar(Running platform) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("./postern", "connect", "--listen", "127.0.0.1:0")
                .directory(ProjectFiles.root().toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment()
                .putAll(Map.of(
                        "POSTERN_NO_BUILD", "1",
                        "POSTERN_HOME", platform.home().root().toString(),
                        "POSTERN_PORT_OFFSET",
                                Integer.toString(platform.settings().ports().offset())));
        return builder.start();
    }

    /// Printed once it listens.
    private static String baseUrl(Process sidecar) throws IOException {
        String line = sidecar.inputReader(StandardCharsets.UTF_8).readLine();
        assertThat(line).startsWith(BASE_URL);
        return line.substring(BASE_URL.length()).strip();
    }
}

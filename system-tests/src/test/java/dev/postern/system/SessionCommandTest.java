package dev.postern.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.system.SystemPlatform.Running;
import dev.postern.test.ProjectFiles;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The real `./postern session`, as a program that pipes a question into it.
@Order(18)
@ExtendWith(SystemPlatform.class)
class SessionCommandTest {
    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void lineWhenPipedInThenAnsweredInASealedSession(Running platform) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("./postern", "session", "--json")
                .directory(ProjectFiles.root().toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment()
                .putAll(Map.of(
                        "POSTERN_NO_BUILD", "1",
                        "POSTERN_HOME", platform.home().root().toString(),
                        "POSTERN_PORT_OFFSET",
                                Integer.toString(platform.settings().ports().offset())));
        Process session = builder.start();
        try {
            try (OutputStream in = session.getOutputStream()) {
                in.write("What is a postern?\n/info\n".getBytes(StandardCharsets.UTF_8));
            }
            List<JsonNode> lines = session.inputReader(StandardCharsets.UTF_8)
                    .lines()
                    .map(JSON::readTree)
                    .toList();

            assertThat(session.waitFor(15, TimeUnit.SECONDS)).isTrue();
            assertThat(session.exitValue()).isZero();
            List<JsonNode> answers = of("answer", lines);
            assertThat(answers).hasSize(1);
            assertThat(answers.getFirst().path("text").asString())
                    .isNotBlank()
                    .isEqualTo(of("piece", lines).stream()
                            .map(piece -> piece.path("text").asString())
                            .collect(Collectors.joining()));
            assertThat(of("info", lines))
                    .singleElement()
                    .satisfies(info -> assertThat(info.path("relay").asString())
                            .startsWith("spiffe://postern.local/service/inference-relay#"));
        } finally {
            session.destroyForcibly();
        }
    }

    private static List<JsonNode> of(String event, List<JsonNode> lines) {
        return lines.stream()
                .filter(line -> line.path("event").asString().equals(event))
                .toList();
    }
}

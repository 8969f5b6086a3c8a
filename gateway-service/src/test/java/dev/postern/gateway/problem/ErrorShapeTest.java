package dev.postern.gateway.problem;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ErrorShapeTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @ParameterizedTest
    @EnumSource(Failure.class)
    void bodyWhenAnyFailureThenValidInBothShapes(Failure failure) {
        JsonNode error = JSON.readTree(ErrorShape.OPENAI.body(failure)).path("error");
        assertThat(error.path("message").asString()).endsWith(".");
        assertThat(error.path("type").isString()).isTrue();
        assertThat(error.path("code").asString()).isEqualTo(failure.code());
        assertThat(error.has("param")).isTrue();

        JsonNode problem = JSON.readTree(ErrorShape.PROBLEM.body(failure));
        assertThat(problem.path("status").asInt()).isEqualTo(failure.status());
        assertThat(problem.path("title").asString()).endsWith(".");
    }
}

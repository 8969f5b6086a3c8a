package dev.postern.relay.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.postern.relay.problem.FailureCode;
import dev.postern.relay.problem.RequestRefused;
import java.nio.charset.Charset;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EncodingTest {
    private static final String REQUEST = """
            {"op":"/v1/embeddings","msg_id":"AAAAAAAAAAAAAAAAAAAAAA","body":{"model":"echo","input":"word"}}""";

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32BE", "UTF-32LE"})
    void anotherEncodingThanUtf8IsABadRequest(String encoding) {
        RequestParser parser = new RequestParser(1 << 16, Duration.ofSeconds(20));
        assertThatExceptionOfType(RequestRefused.class)
                .isThrownBy(() -> parser.parse(REQUEST.getBytes(Charset.forName(encoding))))
                .satisfies(refused -> assertThat(refused.failure().code()).isEqualTo(FailureCode.BAD_REQUEST));
    }
}

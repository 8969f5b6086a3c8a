package dev.postern.relay.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.postern.policy.Sensitivity;
import dev.postern.relay.problem.FailureCode;
import dev.postern.relay.problem.RequestRefused;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestParserTest {
    private static final String ID = "AAAAAAAAAAAAAAAAAAAAAA";

    private final RequestParser parser = new RequestParser(4096, Duration.ofMinutes(1));

    @Test
    void readsEveryMember() throws Exception {
        RelayRequest request = parse("""
                {"op":"/v1/chat/completions","msg_id":"%s","deadline_ms":1500,"conversation":"c1","sensitivity":"restricted",
                 "caller":{"client_id":"demo","tenant":"t","subject":"s","token_id":"j","key_id":"k","session_id":"i","actors":["a"],"issued_at":1799999999,
                           "scopes":["llm:invoke","x"],"expires_at":1800000000},
                 "body":{"model":"m","stream":true,"messages":[{"role":"user","content":"ü \\u00fc"}],"n":1.50}}""".formatted(ID));
        assertThat(request.operation()).isEqualTo(Operation.CHAT);
        assertThat(request.messageId()).isEqualTo(ID);
        assertThat(request.deadline()).isEqualTo(Duration.ofMillis(1500));
        assertThat(request.conversation()).contains("c1");
        assertThat(request.sensitivity()).contains(Sensitivity.RESTRICTED);
        assertThat(request.claimed())
                .contains(new Caller(
                        "demo",
                        "t",
                        "s",
                        List.of("a"),
                        "j",
                        "i",
                        "k",
                        Set.of("llm:invoke", "x"),
                        Instant.ofEpochSecond(1_799_999_999),
                        Instant.ofEpochSecond(1_800_000_000),
                        Caller.JUDGED_ELSEWHERE));
        assertThat(request.model()).contains("m");
        assertThat(request.streamed()).isTrue();
        assertThat(new String(request.body(), UTF_8))
                .as("the body, byte for byte")
                .isEqualTo(
                        "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"ü \\u00fc\"}],\"n\":1.50}");
    }

    @Test
    void theListOfModelsNeedsNoBody() throws Exception {
        RelayRequest request = parse("{\"op\":\"/v1/models\",\"msg_id\":\"" + ID + "\"}");
        assertThat(request.operation()).isEqualTo(Operation.MODELS);
        assertThat(request.body()).isEmpty();
    }

    @Test
    void aLabelThatDoesNotExistIsRefusedAndNoneIsNone() throws Exception {
        assertThat(parse(chat("")).sensitivity()).isEmpty();
        assertThat(catchThrowableOfType(RequestRefused.class, () -> parse(chat("\"sensitivity\":\"secret\","))))
                .isNotNull();
    }

    @Test
    void aLongDeadlineIsCutToTheRelaysOwn() throws Exception {
        assertThat(parse(chat("\"deadline_ms\":99999999,")).deadline()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void embeddingsAreNeverStreamed() throws Exception {
        String request = chat("").replace("chat/completions", "embeddings").replace("\"m\"", "\"m\",\"stream\":true");
        assertThat(parse(request).streamed()).isFalse();
    }

    @Test
    void namingTheRequestRepeatsNoneOfItsText() throws Exception {
        RelayRequest request = parse(chat("").replace("\"m\"", "\"m\",\"prompt\":\"CANARY\""));
        assertThat(request.toString()).doesNotContain("CANARY");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{\"op\":\"/v1/chat/completions\",\"msg_id\":\"AAAAAAAAAAAAAAAAAAAAAA\"}",
                "{\"op\":\"/v1/chat/completions\",\"msg_id\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"body\":{}}",
                "{\"op\":\"/v1/chat/completions\",\"msg_id\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"body\":{\"model\":7}}",
                "{\"op\":\"/v1/chat/completions\",\"msg_id\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"body\":[]}",
                "{\"op\":\"/v1/chat/completions\",\"msg_id\":\"short\",\"body\":{\"model\":\"m\"}}",
                "{\"op\":\"/ssp1/echo\",\"msg_id\":\"AAAAAAAAAAAAAAAAAAAAAA\"}",
                "{\"op\":\"/v1/files\",\"msg_id\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"body\":{\"model\":\"m\"}}",
                "{\"op\":\"/v1/models\",\"msg_id\":\"AAAAAAAAAAAAAAAAAAAAAA\"} {}",
                "{\"op\":\"/v1/models\",\"msg_id\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"extra\":1}",
                "{\"op\":\"/v1/models\",\"op\":\"/v1/models\",\"msg_id\":\"AAAAAAAAAAAAAAAAAAAAAA\"}",
                "{\"op\":\"/v1/models\",\"msg_id\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"deadline_ms\":0}",
                "{\"op\":\"/v1/models\",\"msg_id\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"deadline_ms\":\"1\"}",
                "{\"op\":\"/v1/models\",\"msg_id\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"caller\":{\"client_id\":\"x\"}}",
                "{\"op\":\"/v1/chat/completions\",\"msg_id\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"body\":{\"model\":\"m\",\"a\":1,\"a\":2}}",
                "{\"op\":\"/v1/chat/completions\",\"msg_id\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"body\":{\"model\":\"m\",\"a\":\"\\x\"}}",
                "{\"op\":\"/v1/chat/completions\",\"msg_id\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"body\":{\"model\":\"m\",\"stream\":\"yes\"}}",
            })
    void refusesWhatIsNoRequest(String document) {
        assertThat(failure(document)).isEqualTo(FailureCode.BAD_REQUEST);
    }

    @Test
    void refusesDeepNesting() {
        String deep = "[".repeat(100) + "]".repeat(100);
        assertThat(failure(chat("").replace("\"m\"", "\"m\",\"a\":" + deep))).isEqualTo(FailureCode.BAD_REQUEST);
    }

    @Test
    void everyTruncationIsRefused() {
        String whole = chat("\"conversation\":\"c\",");
        for (int length = 0; length < whole.length(); length++) {
            assertThat(failure(whole.substring(0, length))).isEqualTo(FailureCode.BAD_REQUEST);
        }
    }

    private static String chat(String more) {
        return "{\"op\":\"/v1/chat/completions\"," + more + "\"msg_id\":\"" + ID + "\",\"body\":{\"model\":\"m\"}}";
    }

    private RelayRequest parse(String document) throws RequestRefused {
        return parser.parse(document.getBytes(UTF_8));
    }

    private FailureCode failure(String document) {
        return catchThrowableOfType(RequestRefused.class, () -> parse(document))
                .failure()
                .code();
    }
}

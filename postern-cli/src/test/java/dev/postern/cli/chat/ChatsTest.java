package dev.postern.cli.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.cli.chat.Chats.Output;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.InterruptKey;
import dev.postern.client.PosternClient;
import dev.postern.client.Token;
import dev.postern.client.TokenRefused;
import dev.postern.client.TokenSource;
import dev.postern.session.ProofKey;
import dev.postern.session.Refusal;
import dev.postern.session.Suite;
import dev.postern.testrelay.TestGateway;
import dev.postern.testrelay.TestStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A chat over real TLS, the real handshake and real frames, with a relay that answers what the test says.
class ChatsTest {
    private static final JsonMapper JSON = new JsonMapper();

    private final TestGateway gateway = new TestGateway(Suite.X_WING);
    private final BlockingQueue<TestStream> arrived = new LinkedBlockingQueue<>();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream notes = new ByteArrayOutputStream();
    private final AtomicReference<@Nullable Thread> answering = new AtomicReference<>();
    private final Tokens tokens = new Tokens();
    private final PosternClient client = PosternClient.builder(gateway.address(), Clock.systemUTC(), new SecureRandom())
            .client("demo", "demo")
            .anchors(List.of(gateway.anchor()))
            .tls(gateway.clientTls())
            .tokens(tokens)
            .build();

    @AfterEach
    void close() {
        client.close();
        gateway.close();
    }

    @Test
    void questionsWhenAskedThenAnsweredAsTheyComeAndTheConversationGrows() throws Exception {
        gateway.model(stream -> {
            arrived.add(stream);
            say(stream, "Hello", ", ", "you.");
        });

        assertThat(chat(Output.TERMINAL, "Be kind.", "Hi", "And you?")).isEqualTo(ExitCode.DONE);

        assertThat(out()).isEqualTo("Hello, you.\nHello, you.\n");
        assertThat(notes()).isEqualTo("> > > ");
        JsonNode last = last().request().path("body");
        assertThat(last.path("model").asString()).isEqualTo("a-model");
        assertThat(last.path("stream").asBoolean()).isTrue();
        assertThat(last.path("messages").toString())
                .isEqualTo("[{\"role\":\"system\",\"content\":\"Be kind.\"},{\"role\":\"user\",\"content\":\"Hi\"},"
                        + "{\"role\":\"assistant\",\"content\":\"Hello, you.\"},"
                        + "{\"role\":\"user\",\"content\":\"And you?\"}]");
        assertThat(gateway.opened()).isEqualTo(1);
    }

    @Test
    void commandsWhenGivenThenActAndAreNotSent() throws Exception {
        gateway.model(stream -> {
            arrived.add(stream);
            say(stream, "ok");
        });

        assertThat(chat(Output.TEXT, "", "/info", "one", "/info", "/new", "//path", " ", "/nonsense", "/quit", "never"))
                .isEqualTo(ExitCode.DONE);

        assertThat(arrived).hasSize(2);
        assertThat(last().request().path("body").path("messages").toString())
                .isEqualTo("[{\"role\":\"user\",\"content\":\"/path\"}]");
        assertThat(notes())
                .contains("No session is open", "suite     X_WING", "spiffe://postern.local/service/inference-relay")
                .contains("nothing of the last one is remembered", "/quit ends")
                .doesNotContain(TestGateway.TOKEN, "relay-token");
    }

    @Test
    void programWhenItAsksForJsonThenOneObjectALine() throws Exception {
        gateway.model(stream -> say(stream, "a", "b\u001b[2J"));

        assertThat(chat(Output.JSON, "", "Hi", "/info", "/new", "/x")).isEqualTo(ExitCode.DONE);

        assertThat(lines())
                .extracting(line -> line.path("event").asString())
                .containsExactly("piece", "piece", "answer", "info", "new", "unknown-command");
        assertThat(lines().get(2).path("text").asString()).isEqualTo("ab\u001b[2J");
        assertThat(lines().get(3).path("open").asBoolean()).isTrue();
        assertThat(lines().get(3).path("epoch").asInt(-1)).isZero();
        assertThat(notes()).isEmpty();
    }

    @Test
    void answerWhenItHoldsControlCharactersThenTheTerminalDoesNotSeeThem() throws Exception {
        gateway.model(stream -> say(stream, "one\u001b[2J\u0007\u009b31m\ttwo\n\rthree"));

        chat(Output.TERMINAL, "", "Hi");

        assertThat(out()).isEqualTo("one[2J31m\ttwo\nthree\n");
    }

    @Test
    void answerWhenCutOffThenSaidAndNotPartOfTheConversation() throws Exception {
        gateway.model(stream -> {
            arrived.add(stream);
            if (arrived.size() == 1) {
                say(stream, "and then");
            } else {
                stream.event(piece("half of"));
                stream.session().breakConnection();
            }
        });

        assertThat(chat(Output.JSON, "", "one", "two")).isEqualTo(ExitCode.FAILED);

        JsonNode failure = lines().getLast();
        assertThat(failure.path("event").asString()).isEqualTo("failure");
        assertThat(failure.path("code").asString()).isEqualTo("truncated");
        assertThat(failure.path("message").asString()).isEqualTo("The answer was cut off and is not whole: ask again.");

        gateway.model(stream -> {
            arrived.add(stream);
            say(stream, "whole");
        });
        assertThat(chat(Output.TEXT, "", "three")).isEqualTo(ExitCode.DONE);
        assertThat(last().request().toString()).doesNotContain("half of");
    }

    @Test
    void accessWhenRevokedThenOneSentenceAndTheEnd() throws Exception {
        gateway.model(stream -> {
            arrived.add(stream);
            stream.event(piece("begun"));
            stream.session().end("revoked", Refusal.FORBIDDEN);
        });

        assertThat(chat(Output.TEXT, "", "one", "two")).isEqualTo(ExitCode.NOT_PERMITTED);

        assertThat(arrived).hasSize(1);
        assertThat(notes()).startsWith("Access was revoked").hasLineCount(1);
    }

    @Test
    void accessWhenAHopSaysItIsRevokedBeforeTheAnswerThenOneSentenceAndTheEnd() throws Exception {
        gateway.model(stream -> {
            arrived.add(stream);
            stream.session().hangUp(Refusal.FORBIDDEN);
        });

        assertThat(chat(Output.TEXT, "", "one", "two")).isEqualTo(ExitCode.NOT_PERMITTED);

        assertThat(arrived).hasSize(1);
        assertThat(notes()).startsWith("Access was revoked").hasLineCount(1);
    }

    @Test
    void tokensWhenRefusedThenOneSentenceAndTheEnd() throws Exception {
        tokens.refused = true;

        assertThat(chat(Output.TEXT, "", "one", "two")).isEqualTo(ExitCode.NOT_PERMITTED);

        assertThat(notes()).startsWith("This client gets no token").hasLineCount(1);
    }

    @Test
    void questionWhenRefusedThenSaidAndTheChatGoesOn() throws Exception {
        gateway.model(stream -> {
            arrived.add(stream);
            if (arrived.size() == 1) {
                stream.fail("unknown-model", 404);
            } else {
                say(stream, "ok");
            }
        });

        assertThat(chat(Output.TEXT, "", "one", "two")).isEqualTo(ExitCode.FAILED);

        assertThat(out()).isEqualTo("\nok\n");
        assertThat(notes()).contains("(unknown-model)");
    }

    @Test
    void answerWhenItsReaderHitsTheKeyThenCancelledAtTheRelayAndTheChatGoesOn() throws Exception {
        gateway.model(stream -> {
            arrived.add(stream);
            if (arrived.size() == 1) {
                stream.event(piece("on and on"));
                interrupt();
            } else {
                say(stream, "ok");
            }
        });

        assertThat(chat(Output.TEXT, "", "one", "two")).isEqualTo(ExitCode.DONE);

        assertThat(notes()).isEqualTo("Cancelled.\n");
        assertThat(out()).endsWith("ok\n");
        assertThat(arrived.remove().cancelled())
                .succeedsWithin(Duration.ofSeconds(10))
                .isEqualTo("cancelled");
        assertThat(arrived.remove().request().toString()).doesNotContain("one");
    }

    private void interrupt() {
        Thread thread = answering.get();
        if (thread == null) {
            throw new AssertionError("nobody waits for an answer");
        }
        thread.interrupt();
    }

    private ExitCode chat(Output output, String system, String... lines) throws IOException {
        InterruptKey key = thread -> {
            answering.set(thread);
            return () -> answering.set(null);
        };
        Chats chats = new Chats(client, key, print(out), print(notes));
        return chats.run("a-model", system, output, new BufferedReader(new StringReader(String.join("\n", lines))));
    }

    private static PrintStream print(ByteArrayOutputStream to) {
        return new PrintStream(to, true, UTF_8);
    }

    private String out() {
        return out.toString(UTF_8);
    }

    private String notes() {
        return notes.toString(UTF_8);
    }

    private List<JsonNode> lines() {
        return out().lines().map(JSON::readTree).toList();
    }

    private TestStream last() {
        return List.copyOf(arrived).getLast();
    }

    private static void say(TestStream stream, String... pieces) {
        for (String text : pieces) {
            stream.event(piece(text));
        }
        stream.end();
    }

    private static String piece(String text) {
        var event = JSON.createObjectNode();
        event.putArray("choices").addObject().putObject("delta").put("content", text);
        return event.toString();
    }

    private static final class Tokens implements TokenSource {
        private volatile boolean refused;

        @Override
        public Token gateway() throws IOException {
            if (refused) {
                throw new TokenRefused();
            }
            return new Token(TestGateway.TOKEN, Instant.now().plusSeconds(600));
        }

        @Override
        public Token relay(ProofKey key) {
            return new Token(
                    "relay-token-for-" + key.thumbprint(), Instant.now().plusSeconds(600));
        }
    }
}

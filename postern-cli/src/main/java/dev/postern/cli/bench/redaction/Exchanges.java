package dev.postern.cli.bench.redaction;

import com.google.protobuf.ByteString;
import dev.postern.redaction.v1.Answer;
import dev.postern.redaction.v1.Cancel;
import dev.postern.redaction.v1.Prompt;
import dev.postern.redaction.v1.Reply;
import dev.postern.redaction.v1.Request;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One exchange after the other, all under one number, as a relay has them. For one thread.
final class Exchanges {
    private final Sample sample;
    private final long number;
    private final Prompt prompt;
    private final List<Answer> answers;
    /// Of the exchange at hand: 0 for its prompt, then its answers.
    private int step;

    Exchanges(Sample sample, long number) {
        this.sample = sample;
        this.number = number;
        this.prompt = prompt(sample == Sample.CHUNK ? "Go on." : sample.text(), number);
        this.answers = sample == Sample.CHUNK ? answers() : List.of();
    }

    /// The next question, after what is said before it and not answered.
    List<Request> ask() {
        Request.Builder request = Request.newBuilder().setExchange(number);
        return switch (sample) {
            // Refused at once, since it holds no step.
            case ECHO -> List.of(request.build());
            // The relay lets go of an exchange in the same way when its caller is gone.
            case STRUCTURED, PROSE ->
                List.of(
                        Request.newBuilder()
                                .setExchange(number)
                                .setCancel(Cancel.getDefaultInstance())
                                .build(),
                        request.setPrompt(prompt).build());
            case CHUNK ->
                List.of((step == 0 ? request.setPrompt(prompt) : request.setAnswer(answers.get(step - 1))).build());
        };
    }

    /// What the reply to the last question was.
    Heard hear(Reply reply) {
        boolean good = switch (sample) {
            case ECHO -> reply.hasRefused();
            case STRUCTURED, PROSE -> reply.hasPrompt();
            case CHUNK -> step == 0 ? reply.hasPrompt() : reply.hasAnswer();
        };
        Heard heard = !good ? Heard.BAD : sample == Sample.CHUNK && step == 0 ? Heard.BEFORE : Heard.MEASURED;
        step = good && step < answers.size() ? step + 1 : 0;
        return heard;
    }

    enum Heard {
        MEASURED,
        /// Good, and not what is measured.
        BEFORE,
        BAD
    }

    private static Prompt prompt(String text, long number) {
        ObjectNode body = new JsonMapper().createObjectNode().put("model", "simulator-small");
        body.putArray("messages").addObject().put("role", "user").put("content", text);
        return Prompt.newBuilder()
                .setTenant("bench")
                .setClientId("bench")
                .setConversation("bench-" + number)
                .setOperation("/v1/chat/completions")
                .setBody(ByteString.copyFromUtf8(body.toString()))
                .build();
    }

    private static List<Answer> answers() {
        List<String> chunks = Sample.chunks();
        return IntStream.range(0, chunks.size())
                .mapToObj(i -> answer(chunks.get(i), i == chunks.size() - 1))
                .toList();
    }

    private static Answer answer(String chunk, boolean last) {
        ObjectNode event = new JsonMapper()
                .createObjectNode()
                .put("id", "chatcmpl-bench")
                .put("object", "chat.completion.chunk")
                .put("model", "simulator-small");
        event.putArray("choices").addObject().put("index", 0).putObject("delta").put("content", chunk);
        return Answer.newBuilder()
                .setData(ByteString.copyFromUtf8(event.toString()))
                .setStreamed(true)
                .setLast(last)
                .build();
    }
}

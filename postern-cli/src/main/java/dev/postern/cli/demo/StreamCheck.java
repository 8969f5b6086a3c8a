package dev.postern.cli.demo;

import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletionChunk;

/// The same chat, streamed.
final class StreamCheck implements DemoCheck {
    @Override
    public String id() {
        return "stream";
    }

    @Override
    public String run(DemoWorld world) throws CheckFailed, InterruptedException {
        StringBuilder text = new StringBuilder();
        int[] events = {0};
        try (StreamResponse<ChatCompletionChunk> stream =
                world.openAi(world.gatewayToken()).chat().completions().createStreaming(ChatCheck.params(world))) {
            stream.stream().forEach(chunk -> {
                events[0]++;
                chunk.choices().forEach(choice -> choice.delta().content().ifPresent(text::append));
            });
        }
        world.streamedAnswer(text.toString());
        CheckFailed.unless(events[0] > 5, "the answer came in " + events[0] + " pieces");
        CheckFailed.unless(
                text.indexOf(world.canaries().marker()) >= 0, "the streamed answer does not echo the question");
        return events[0] + " events, " + text.length() + " characters";
    }
}

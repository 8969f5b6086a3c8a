package dev.postern.cli.demo;

import dev.postern.client.Answer;
import dev.postern.client.AnswerStream;
import dev.postern.client.PosternClient;
import dev.postern.client.PosternFailure;
import dev.postern.client.Request;
import java.util.Optional;

/// The same, streamed.
final class SealedStreamCheck implements DemoCheck {
    @Override
    public String id() {
        return "sealed-stream";
    }

    @Override
    public String run(DemoWorld world) throws CheckFailed, InterruptedException {
        Request request = Request.of(
                Request.CHAT, SealedLink.chat(world.canaries().prompt()).put("stream", true));
        StringBuilder text = new StringBuilder();
        int events = 0;
        try (PosternClient client = world.sealedClient();
                AnswerStream answer = client.stream(request)) {
            Optional<Answer> event = answer.next();
            while (event.isPresent()) {
                events++;
                text.append(event.get()
                        .json()
                        .path("choices")
                        .path(0)
                        .path("delta")
                        .path("content")
                        .asString(""));
                event = answer.next();
            }
        } catch (PosternFailure e) {
            throw new CheckFailed("the SDK failed: " + e.getMessage());
        }
        CheckFailed.unless(events > 5, "the answer came in " + events + " pieces");
        CheckFailed.unless(
                text.indexOf(world.canaries().marker()) >= 0, "the streamed answer does not echo the question");
        return events + " events, " + text.length() + " characters through a sealed session";
    }
}

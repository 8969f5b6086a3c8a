package dev.postern.cli.demo;

import dev.postern.client.PosternClient;
import dev.postern.client.PosternFailure;
import tools.jackson.databind.JsonNode;

/// The chat once more by the Java SDK, through a sealed session that the gateway carries and cannot read.
final class SealedChatCheck implements DemoCheck {
    @Override
    public String id() {
        return "sealed-chat";
    }

    @Override
    public String run(DemoWorld world) throws CheckFailed, InterruptedException {
        try (PosternClient client = world.sealedClient()) {
            JsonNode answer =
                    client.chat(SealedLink.chat(world.canaries().prompt())).json();
            String text = answer.path("choices")
                    .path(0)
                    .path("message")
                    .path("content")
                    .asString("");
            CheckFailed.unless(text.contains(world.canaries().marker()), "the answer does not echo the question");
            return answer.path("model").asString("") + " answered with " + text.length()
                    + " characters through a sealed session";
        } catch (PosternFailure e) {
            throw new CheckFailed("the SDK failed: " + e.getMessage());
        }
    }
}

package dev.postern.cli.demo;

import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;

/// The official client has a chat about personal data.
final class ChatCheck implements DemoCheck {
    @Override
    public String id() {
        return "chat";
    }

    @Override
    public String run(DemoWorld world) throws CheckFailed, InterruptedException {
        ChatCompletion completion =
                world.openAi(world.gatewayToken()).chat().completions().create(params(world));
        String answer = completion.choices().getFirst().message().content().orElse("");
        world.answer(answer);
        CheckFailed.unless(answer.contains(world.canaries().marker()), "the answer does not echo the question");
        CheckFailed.unless(completion.usage().isPresent(), "the answer has no usage counts");
        return completion.model() + " answered with " + answer.length() + " characters";
    }

    static ChatCompletionCreateParams params(DemoWorld world) {
        return ChatCompletionCreateParams.builder()
                .model(DemoWorld.CHAT_MODEL)
                .addUserMessage(world.canaries().prompt())
                .build();
    }
}

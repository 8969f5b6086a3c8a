package dev.postern.cli.demo;

import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;

/// The official client asks for an embedding.
final class EmbeddingsCheck implements DemoCheck {
    @Override
    public String id() {
        return "embeddings";
    }

    @Override
    public String run(DemoWorld world) throws CheckFailed, InterruptedException {
        CreateEmbeddingResponse response = world.openAi(world.gatewayToken())
                .embeddings()
                .create(EmbeddingCreateParams.builder()
                        .model("simulator-embed")
                        .input(world.canaries().prompt())
                        .build());
        int dimensions = response.data().getFirst().embedding().size();
        CheckFailed.unless(dimensions > 0, "the vector is empty");
        return "a vector of " + dimensions + " dimensions";
    }
}

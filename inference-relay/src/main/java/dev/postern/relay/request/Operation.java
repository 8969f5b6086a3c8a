package dev.postern.relay.request;

import java.util.Optional;

/// What a client may ask of a model: the OpenAI paths the relay speaks.
public enum Operation {
    CHAT("/v1/chat/completions", "chat/completions", "chat"),
    COMPLETION("/v1/completions", "completions", "text_completion"),
    EMBEDDINGS("/v1/embeddings", "embeddings", "embeddings"),
    MODELS("/v1/models", "models", "models");

    private final String path;
    private final String upstreamPath;
    private final String metricName;

    Operation(String path, String upstreamPath, String metricName) {
        this.path = path;
        this.upstreamPath = upstreamPath;
        this.metricName = metricName;
    }

    static Optional<Operation> ofPath(String path) {
        for (Operation operation : values()) {
            if (operation.path.equals(path)) {
                return Optional.of(operation);
            }
        }
        return Optional.empty();
    }

    /// The `op` member of a request.
    public String path() {
        return path;
    }

    /// The same operation below the upstream's base URL.
    public String upstreamPath() {
        return upstreamPath;
    }

    /// `gen_ai.operation.name` of the OpenTelemetry conventions where one exists.
    public String metricName() {
        return metricName;
    }

    /// Whether the operation carries a prompt, which must be redacted before it leaves.
    public boolean hasPrompt() {
        return this != MODELS;
    }

    /// Whether the answer can repeat words of the prompt, so that pseudonyms in it must be restored. Vectors
    /// cannot.
    public boolean answersInWords() {
        return this == CHAT || this == COMPLETION;
    }
}

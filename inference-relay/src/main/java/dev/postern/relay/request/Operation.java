package dev.postern.relay.request;

import java.util.Optional;

/// What a client may ask: the OpenAI paths the relay speaks, and its own.
public enum Operation {
    CHAT("/v1/chat/completions", "chat/completions", "chat", "chat.completions"),
    COMPLETION("/v1/completions", "completions", "text_completion", "completions"),
    EMBEDDINGS("/v1/embeddings", "embeddings", "embeddings", "embeddings"),
    MODELS("/v1/models", "models", "models", "models.list"),
    /// The body comes back as it is, from the relay itself: what a message costs without redaction and model.
    ECHO("/ssp1/echo", "", "echo", "echo");

    private final String path;
    private final String upstreamPath;
    private final String metricName;
    private final String policyName;

    Operation(String path, String upstreamPath, String metricName, String policyName) {
        this.path = path;
        this.upstreamPath = upstreamPath;
        this.metricName = metricName;
        this.policyName = policyName;
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

    /// The same operation below the upstream's base URL; empty when no upstream is asked.
    public String upstreamPath() {
        return upstreamPath;
    }

    /// `gen_ai.operation.name` of the OpenTelemetry conventions where one exists.
    public String metricName() {
        return metricName;
    }

    /// `request.operation` in the conditions of a policy.
    public String policyName() {
        return policyName;
    }

    /// Whether a request without a body is none.
    public boolean needsBody() {
        return this != MODELS;
    }

    /// Whether the operation carries a prompt, which must be redacted before it leaves.
    public boolean hasPrompt() {
        return this != MODELS && this != ECHO;
    }

    /// Whether the answer can repeat words of the prompt, so that pseudonyms in it must be restored. Vectors
    /// cannot.
    public boolean answersInWords() {
        return this == CHAT || this == COMPLETION;
    }
}

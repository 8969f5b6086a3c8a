package dev.postern.simulator.model;

import tools.jackson.databind.json.JsonMapper;

/// A refusal in the shape that OpenAI's API uses.
final class ApiError extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;

    private ApiError(int status, String code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    static ApiError unknownModel() {
        return new ApiError(404, "model_not_found", "The model does not exist here: this is a simulator.");
    }

    static ApiError badRequest(String message) {
        return new ApiError(400, "invalid_request", message);
    }

    static ApiError notFound() {
        return new ApiError(404, "not_found", "The simulator has no such path.");
    }

    static ApiError onDemand(int status) {
        return new ApiError(status, "fault", "The simulator was told to fail.");
    }

    int status() {
        return status;
    }

    byte[] document(JsonMapper json) {
        var document = json.createObjectNode();
        document.putObject("error")
                .put("message", getMessage())
                .put("type", status < 500 ? "invalid_request_error" : "server_error")
                .putNull("param")
                .put("code", code);
        return json.writeValueAsBytes(document);
    }
}

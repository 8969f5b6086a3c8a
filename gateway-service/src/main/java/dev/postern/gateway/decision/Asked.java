package dev.postern.gateway.decision;

import dev.postern.gateway.api.ModelName;
import dev.postern.gateway.api.Operation;
import dev.postern.gateway.api.RequestBody;
import dev.postern.gateway.live.Serving;
import dev.postern.gateway.problem.Failure;
import dev.postern.gateway.problem.Refused;
import org.springframework.http.server.reactive.ServerHttpRequest;

/// What a request asks for, as far as policy is concerned.
///
/// @param model empty for operations without one
record Asked(Operation operation, String model, boolean streamed, RequestLabels labels) {

    static Asked of(Operation operation, RequestBody body, ServerHttpRequest request) {
        return new Asked(
                operation,
                operation == Operation.GET_MODEL ? named(request) : body.model(),
                body.streamed(),
                RequestLabels.of(request.getHeaders()));
    }

    /// How the answer comes.
    Serving.Kind kind() {
        if (operation == Operation.SEALED_SESSION) {
            return Serving.Kind.SEALED_SESSION;
        }
        return streamed ? Serving.Kind.HTTP_STREAM : Serving.Kind.REQUEST;
    }

    private static String named(ServerHttpRequest request) {
        String model = Operation.modelIn(request.getURI().getPath());
        if (!ModelName.isOne(model)) {
            throw new Refused(Failure.UNKNOWN_MODEL);
        }
        return model;
    }
}

package dev.postern.gateway.admission;

import dev.postern.gateway.api.Operation;
import dev.postern.gateway.api.RequestBody;

/// How many model tokens a request may use, guessed before anybody counts them.
///
/// Tokens in: the octets of the body divided by `bytes-per-token`. English takes about four octets for a token, code
/// and most other languages fewer; a token of a byte-level vocabulary never takes less than one, so 1 makes it a bound.
/// Tokens out: what the request allows (`max_tokens` or `max_completion_tokens`) or the configured default, for each of
/// the answers it asks for (`n` or `best_of`, for each prompt of a list). The difference to what was used is booked
/// when the request is settled.
///
/// @param prompt tokens in
/// @param output tokens out
record Estimate(long prompt, long output) {
    private static final long MOST = Meter.MOST;
    static final Estimate NONE = new Estimate(0, 0);

    static Estimate of(Operation operation, RequestBody body, AdmissionProperties properties) {
        if (!operation.hasBody()) {
            return NONE;
        }
        long prompt = tokens(body.length(), properties.bytesPerToken());
        if (operation == Operation.EMBEDDINGS) {
            return new Estimate(prompt, 0);
        }
        RequestBody.OutputAsked asked = body.outputAsked();
        long each = Math.min(MOST, asked.tokens().orElse(properties.defaultOutputTokens()));
        return new Estimate(prompt, each > MOST / asked.answers() ? MOST : each * asked.answers());
    }

    static long tokens(long octets, int bytesPerToken) {
        return Math.ceilDiv(octets, bytesPerToken);
    }

    long total() {
        return Math.min(MOST, prompt + output);
    }
}

package dev.postern.simulator.http;

import java.io.IOException;

/// Answers one request. Called on a virtual thread of the request's connection, so it may block.
public interface Handler {
    /// Writes exactly one answer to `reply`: a document, an event stream, or a cut.
    void handle(Request request, Reply reply) throws IOException;
}

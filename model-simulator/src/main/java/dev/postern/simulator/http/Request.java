package dev.postern.simulator.http;

import java.nio.charset.StandardCharsets;

/// One request: method, path without its query, and the whole body.
@SuppressWarnings("ArrayRecordComponent") // handed over once and never compared
public record Request(String method, String path, byte[] body) {
    /// Method and path, for a switch.
    public String route() {
        return method + " " + path;
    }

    @Override
    public String toString() {
        return route() + " (" + body.length + " bytes)";
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}

package dev.postern.redacting.json;

/// Not one JSON document within the limits. Says nothing about the content, and carries no cause that would.
public final class MalformedJson extends Exception {
    MalformedJson() {
        super("malformed JSON", null, false, false);
    }
}

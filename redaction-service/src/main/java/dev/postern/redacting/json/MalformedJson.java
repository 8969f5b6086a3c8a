package dev.postern.redacting.json;

/// Not one JSON document within the limits. Says nothing about the content, and carries no cause that would.
public final class MalformedJson extends Exception {
    private final boolean tooLarge;

    MalformedJson() {
        this("malformed JSON", false);
    }

    private MalformedJson(String message, boolean tooLarge) {
        super(message, null, false, false);
        this.tooLarge = tooLarge;
    }

    static MalformedJson tooMuch() {
        return new MalformedJson("JSON with too many leaves", true);
    }

    /// Whether it may be JSON, but holds more than is looked at.
    public boolean tooLarge() {
        return tooLarge;
    }
}

package dev.postern.redacting.pseudonym;

/// A raw value and its type. Prints only the type.
public record Original(String type, String value) {
    /// Characters of a value that count as one.
    private static final int WEIGHED = 256;

    /// What it counts for where values are bounded.
    int weight() {
        return 1 + value.length() / WEIGHED;
    }

    @Override
    public String toString() {
        return "Original[" + type + "]";
    }
}

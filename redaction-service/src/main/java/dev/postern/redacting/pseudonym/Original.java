package dev.postern.redacting.pseudonym;

/// A raw value and its type. Prints only the type.
public record Original(String type, String value) {
    @Override
    public String toString() {
        return "Original[" + type + "]";
    }
}

package dev.postern.redacting.prompt;

/// Makes a hash of a value that nobody can make, or test a guess against, without its key.
@FunctionalInterface
public interface KeyedHashes {
    /// The hash, printable.
    ///
    /// @param entity so that equal values of two entities get two hashes
    String of(String entity, String value);
}

package dev.postern.token;

/// Where the signed directory comes from: the key-rotation-service, or a test.
@FunctionalInterface
interface DirectorySource {

    /// The compact directory; telling its publisher that this consumer has applied version `applied` (0: none yet).
    String fetch(long applied) throws DirectoryRefused, InterruptedException;

    /// The last word: this consumer has applied `applied`, and will not ask again. Waits a moment at most.
    default void leave(long applied) throws InterruptedException {}
}

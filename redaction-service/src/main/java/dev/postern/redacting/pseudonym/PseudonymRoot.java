package dev.postern.redacting.pseudonym;

/// A root key as others may know it: its name and its state.
public record PseudonymRoot(String kid, State state) {
    /// How a root stands. One that is destroyed or compromised is not there any more.
    public enum State {
        /// The spare: nothing is under it yet.
        PREPARED,
        /// New conversations are under it.
        ACTIVE,
        /// Its conversations go on under it until they are forgotten.
        RETIRING
    }
}

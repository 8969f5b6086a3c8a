package dev.postern.token;

import java.net.URI;

/// A key of any class as the key directory lists it: what its owner goes by.
///
/// @param keyClass for example `token-signing`; a class that is unknown here is somebody else's
/// @param owner the service that holds it
/// @param instance which replica of it; [#SHARED] when all of them do
public record DirectoryEntry(String keyId, String keyClass, URI owner, String instance, State state) {

    /// The instance of a key that every replica of its owner holds.
    public static final String SHARED = "00000000-0000-0000-0000-000000000000";

    /// Where a key stands. One that is destroyed is not listed any more.
    public enum State {
        PREPARED,
        ACTIVE,
        RETIRING,
        /// Somebody else may hold it: listed so that its owner gives it up, and usable for nothing.
        COMPROMISED
    }
}

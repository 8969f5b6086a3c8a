package dev.postern.kms;

/// The versions of a key that are there, each of them usable: `oldest` to `newest`.
public record KeyVersions(int oldest, int newest) {
    public KeyVersions {
        if (oldest < 1 || newest < oldest) {
            throw new IllegalArgumentException("versions count up from 1");
        }
    }

    /// For [KeyManagement#destroyBefore]: only versions up to the newest can be the oldest.
    ///
    /// @throws IllegalArgumentException if nothing would be left
    public void requireCanBeginAt(int version) {
        if (version > newest) {
            throw new IllegalArgumentException("the newest version of a key cannot be destroyed: rotate first");
        }
    }
}

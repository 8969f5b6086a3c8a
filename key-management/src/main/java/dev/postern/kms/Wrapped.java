package dev.postern.kms;

/// Everything that its owner keeps under one wrapping key.
public interface Wrapped {
    /// The key that wraps it.
    KeyName wrapping();

    /// Puts every value that is kept under the newest version ([KeyManagement#renewed]), also what nobody reads any
    /// more: a version that is destroyed takes with it what was left behind.
    ///
    /// @return how many values were moved
    /// @throws RuntimeException if one could not be; the others may have been
    int renew();
}

package dev.postern.chassis.keys;

import java.util.Map;

/// Where a new key is registered: the key-rotation-service, or a test.
@FunctionalInterface
public interface KeyRegistration {
    /// Asks for the key to be listed as PREPARED; asking again for the same key changes nothing.
    ///
    /// @param instance the replica that holds it
    /// @param publicJwk empty for a symmetric key
    void register(String keyClass, String keyId, String instance, Map<String, Object> publicJwk)
            throws KeyNotRegistered, InterruptedException;

    /// Reports that what a compromised key of ours had signed or sealed has ended. By default nobody is told.
    ///
    /// @param count of live things that ended
    default void ended(String keyClass, String keyId, String instance, int count)
            throws KeyNotRegistered, InterruptedException {}
}

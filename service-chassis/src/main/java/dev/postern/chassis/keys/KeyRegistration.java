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
}

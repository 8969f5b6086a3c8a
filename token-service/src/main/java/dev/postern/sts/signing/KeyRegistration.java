package dev.postern.sts.signing;

import java.util.Map;

/// Where a new key's public part is registered: the key-rotation-service, or a test.
@FunctionalInterface
interface KeyRegistration {

    /// Asks for the key to be listed as PREPARED; asking again for the same key changes nothing.
    void register(String keyId, Map<String, Object> publicJwk) throws KeyNotRegistered, InterruptedException;
}

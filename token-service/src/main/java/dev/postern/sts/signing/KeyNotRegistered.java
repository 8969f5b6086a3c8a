package dev.postern.sts.signing;

/// The key-rotation-service did not take a key; it is offered again.
final class KeyNotRegistered extends Exception {

    KeyNotRegistered() {
        super("key not registered", null, false, false);
    }
}

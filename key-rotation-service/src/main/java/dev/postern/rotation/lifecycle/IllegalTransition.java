package dev.postern.rotation.lifecycle;

/// A transition that the table does not have: a defect of the caller, never of a peer.
public final class IllegalTransition extends RuntimeException {
    IllegalTransition(KeyState from, KeyEvent event) {
        super("no " + event.getClass().getSimpleName() + " from " + from.label());
    }
}

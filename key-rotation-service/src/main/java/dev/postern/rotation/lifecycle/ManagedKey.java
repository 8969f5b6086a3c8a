package dev.postern.rotation.lifecycle;

import java.net.URI;
import java.util.Map;

/// A key as the directory knows it: public half, holder, state. The private half is in the holder's memory only.
///
/// @param instance which replica of the owner holds it
/// @param jwk the public JWK, as published; empty for a class without one
public record ManagedKey(
        KeyClass keyClass, String kid, URI owner, String instance, Map<String, String> jwk, KeyState state) {
    public ManagedKey {
        jwk = Map.copyOf(jwk);
    }

    public Holder holder() {
        return new Holder(owner, instance);
    }

    public Slot slot() {
        return new Slot(holder(), keyClass);
    }

    ManagedKey after(KeyEvent event) {
        return new ManagedKey(keyClass, kid, owner, instance, jwk, state.after(event));
    }
}

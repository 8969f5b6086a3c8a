package dev.postern.rotation.lifecycle;

import java.net.URI;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;

/// A key as the directory knows it: public half, holder, state. The private half is in the holder's memory only.
///
/// @param instance which replica of the owner holds it
/// @param jwk the public JWK, as published; empty for a class without one
public record ManagedKey(
        KeyClass keyClass, String kid, URI owner, String instance, Map<String, String> jwk, KeyState state) {
    private static final int DATE = "2026-11-27".length();

    public ManagedKey {
        jwk = Map.copyOf(jwk);
    }

    /// The UTC day that a key of the day is for, which its id ends with; empty for other keys, and other ids.
    public Optional<LocalDate> day() {
        if (!keyClass.isOfTheDay() || kid.length() < DATE) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalDate.parse(kid.substring(kid.length() - DATE)));
        } catch (DateTimeParseException _) {
            return Optional.empty();
        }
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

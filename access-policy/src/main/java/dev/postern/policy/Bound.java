package dev.postern.policy;

import org.jspecify.annotations.Nullable;

/// How large a value can be at most: characters of a text, elements of a list or map, 1 for anything else. A double,
/// so that absurd products stay absurd instead of turning over.
///
/// @param of how large its elements can be; null when it has none that could be looked into
record Bound(double size, @Nullable Bound of) {

    static final Bound SCALAR = new Bound(1, null);

    static Bound text(double length) {
        return new Bound(length, null);
    }

    Bound element() {
        return of == null ? SCALAR : of;
    }

    Bound plus(Bound other) {
        return new Bound(size + other.size, largest(of, other.of));
    }

    Bound or(Bound other) {
        return new Bound(Math.max(size, other.size), largest(of, other.of));
    }

    private static @Nullable Bound largest(@Nullable Bound one, @Nullable Bound other) {
        if (one == null) {
            return other;
        }
        return other == null ? one : one.or(other);
    }
}

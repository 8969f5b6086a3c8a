package dev.postern.session;

/// Authentic octets that do not hold what their place asks for. Stays inside this package: callers see a drop or a
/// refusal.
final class MalformedContent extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedContent(String what) {
        super(what);
    }

    MalformedContent(Throwable cause) {
        super(cause);
    }
}

package dev.postern.session;

/// A message on a stream is longer than its receiver allows.
public final class ContentTooLarge extends Exception {
    private static final long serialVersionUID = 1L;

    ContentTooLarge(int maxBytes) {
        super("longer than " + maxBytes + " octets");
    }
}

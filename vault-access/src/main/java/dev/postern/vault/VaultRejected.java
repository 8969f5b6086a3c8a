package dev.postern.vault;

/// The server understood the request and found fault with it (400, 404, 405): what that means depends on the request.
final class VaultRejected extends Exception {
    VaultRejected(Throwable cause) {
        super(cause.getMessage(), cause);
    }
}

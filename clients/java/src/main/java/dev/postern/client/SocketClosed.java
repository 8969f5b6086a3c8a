package dev.postern.client;

import dev.postern.session.Refusal;

/// With what a WebSocket was closed. Nothing authenticates it: a hop may have made it up, so it decides what is tried
/// next and never what counts as an answer.
record SocketClosed(int code, String reason) {
    static final SocketClosed BROKEN = new SocketClosed(1006, "");

    /// Whether the next attempt, with a fresh key configuration and challenge, may be made at once.
    boolean invitesAnother() {
        return is(Refusal.CHALLENGE) || is(Refusal.KEY_CONFIG) || is(Refusal.OPEN_REPLAYED);
    }

    private boolean is(Refusal refusal) {
        return code == refusal.closeCode() && reason.equals(refusal.code());
    }

    /// For who waits for an answer.
    PosternFailure failure() {
        if (code == Refusal.FORBIDDEN.closeCode()) {
            return PosternFailure.Forbidden.bySomebody();
        }
        if (code == Refusal.OPEN_REJECTED.closeCode()) {
            return new PosternFailure.Reauthenticate();
        }
        if (code == Refusal.LIMIT.closeCode() || code == Refusal.STORE_UNAVAILABLE.closeCode()) {
            return new PosternFailure.Unavailable();
        }
        return new PosternFailure.SessionLost();
    }

    /// For who waits for a session: nothing of a request was lost yet.
    PosternFailure whileOpening() {
        PosternFailure failure = failure();
        return failure instanceof PosternFailure.SessionLost ? new PosternFailure.Unavailable() : failure;
    }
}

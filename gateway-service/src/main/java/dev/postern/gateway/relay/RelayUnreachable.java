package dev.postern.gateway.relay;

/// A sealed session could not be opened. The reason is a code of ours; nothing of the network's answer is kept.
final class RelayUnreachable extends RuntimeException {
    private final String reason;

    RelayUnreachable(String reason) {
        super(reason, null, false, false);
        this.reason = reason;
    }

    /// What `thrown` is called in logs: its class only, because messages quote addresses and answers.
    static RelayUnreachable because(Throwable thrown) {
        return thrown instanceof RelayUnreachable known
                ? known
                : new RelayUnreachable(thrown.getClass().getSimpleName());
    }

    String reason() {
        return reason;
    }
}

package dev.postern.session;

/// The two ends of a session. Each has its own key and nonce sequence in every epoch.
public enum Role {
    CLIENT("c"),
    RELAY("r");

    private final String label;

    Role(String label) {
        this.label = label;
    }

    /// The other end.
    public Role peer() {
        return switch (this) {
            case CLIENT -> RELAY;
            case RELAY -> CLIENT;
        };
    }

    String label() {
        return label;
    }
}

package dev.postern.rotation.lifecycle;

/// A decided step of one key, with its cause.
///
/// @param cause for the audit log
public record Move(ManagedKey key, KeyEvent event, Cause cause) {
    public enum Cause {
        /// The holder had no signing key.
        FIRST("first"),
        SCHEDULED("scheduled"),
        OPERATOR("operator"),
        COMPROMISE("compromise"),
        OWNER_SILENT("owner-silent"),
        /// The holder's process ended in good order, and the key with it.
        OWNER_LEFT("owner-left"),
        /// The verification window ended.
        WINDOW_ENDED("window-ended"),
        /// Its period ended, and its class has no spares.
        EXPIRED("expired");

        private final String code;

        Cause(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }
    }

    public String from() {
        return key.state().label();
    }

    public String to() {
        return key.state().after(event).label();
    }
}

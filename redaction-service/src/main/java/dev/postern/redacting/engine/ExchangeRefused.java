package dev.postern.redacting.engine;

/// The exchange ends here: nothing of it may go to the model or to the caller.
public final class ExchangeRefused extends Exception {
    private final Reason reason;

    public enum Reason {
        MALFORMED("malformed"),
        TOO_LARGE("too-large"),
        OVERLOADED("overloaded"),
        TOO_LATE("too-late"),
        UNKNOWN_EXCHANGE("unknown-exchange"),
        INTERNAL("internal");

        private final String code;

        Reason(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }
    }

    public ExchangeRefused(Reason reason) {
        super(reason.code(), null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}

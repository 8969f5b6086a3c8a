package dev.postern.client;

import dev.postern.session.HandshakeFailed;
import java.util.Set;

/// Why there is no answer, or no whole one. A closed set: switch over it without a default. No message holds a token,
/// a prompt or an answer.
public abstract sealed class PosternFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private PosternFailure(String message) {
        super(message);
    }

    private PosternFailure(String message, Throwable cause) {
        super(message, cause);
    }

    /// Policy says no, or access was taken back (4403): stop.
    public static final class Forbidden extends PosternFailure {
        private static final long serialVersionUID = 1L;

        private final boolean authentic;

        private Forbidden(boolean authentic) {
            super("Access is not permitted, or was revoked.");
            this.authentic = authentic;
        }

        /// In its own CLOSE.
        static Forbidden byTheRelay() {
            return new Forbidden(true);
        }

        /// By an HTTP status or the close of a WebSocket, which any hop may have made up.
        static Forbidden bySomebody() {
            return new Forbidden(false);
        }
    }

    /// The token or its proof counts no more, or never did (4401): get new tokens before the next attempt.
    public static final class Reauthenticate extends PosternFailure {
        private static final long serialVersionUID = 1L;

        Reauthenticate() {
            super("The tokens are not accepted.");
        }
    }

    /// The session ended after the request, or some of it, had left and before an answer came, and so did those in
    /// which it was sent again, or there was no other to be had, or the next relay refused it before it looked
    /// whether it is known (the cause says why). Whether it took effect is not known.
    public static final class SessionLost extends PosternFailure {
        private static final long serialVersionUID = 1L;

        private static final String MESSAGE = "The session ended before the answer.";

        SessionLost() {
            super(MESSAGE);
        }

        SessionLost(Throwable cause) {
            super(MESSAGE, cause);
        }
    }

    /// The answer began and its end never came: what was delivered is authentic and is not all of it.
    public static final class Truncated extends PosternFailure {
        private static final long serialVersionUID = 1L;

        Truncated() {
            super("The answer is not whole.");
        }
    }

    /// The relay refuses this one request; the session goes on.
    public static final class Refused extends PosternFailure {
        private static final long serialVersionUID = 1L;

        /// Of the moment, the token or the policy, and given before a relay looks whether it knows the `msg_id`:
        /// `unknown-model` may be a model that is not granted any more, `bad-request` an upload that stalled.
        private static final Set<String> BEFORE_THE_LOOK_UP = Set.of(
                "overloaded", "revocation-unavailable", "token-expired", "forbidden", "unknown-model", "bad-request");

        private final String code;
        private final int status;

        Refused(String code, int status, String title) {
            super(title);
            this.code = code;
            this.status = status;
        }

        boolean precedesTheLookUp() {
            return BEFORE_THE_LOOK_UP.contains(code);
        }

        /// A short fixed name such as `unknown-model`.
        public String code() {
            return code;
        }

        /// The HTTP status that says the same.
        public int status() {
            return status;
        }
    }

    /// A request was lost and sent again under its `msg_id`, and the relays know that it had begun and not what became
    /// of it (409, `effect-unknown`). It may have had its effect. Whether to ask anew is the caller's to decide;
    /// [idempotent][Request#idempotent] requests are asked anew by the client.
    public static final class EffectUnknown extends PosternFailure {
        private static final long serialVersionUID = 1L;

        EffectUnknown() {
            super("The request was lost on its way, and whether it took effect is not known.");
        }
    }

    /// Nobody can serve this now (4429, 4503, no connection), or the client was closed: try later. The client has
    /// backed off already, and nothing of the request has left.
    public static final class Unavailable extends PosternFailure {
        private static final long serialVersionUID = 1L;

        Unavailable() {
            super("The platform cannot serve the request now.");
        }
    }

    /// The request's own deadline passed.
    public static final class TimedOut extends PosternFailure {
        private static final long serialVersionUID = 1L;

        TimedOut() {
            super("The deadline passed before the answer.");
        }
    }

    /// The answer was read too slowly and held up the others of its session, so it was cancelled.
    public static final class ReadTooSlowly extends PosternFailure {
        private static final long serialVersionUID = 1L;

        ReadTooSlowly() {
            super("The answer was read too slowly.");
        }
    }

    /// What the gateway handed on is no key configuration of the relay we expect. Somebody is in the way, or the
    /// anchors are not the platform's.
    public static final class KeyConfigRejected extends PosternFailure {
        private static final long serialVersionUID = 1L;

        private final dev.postern.session.KeyConfigRejected.Reason reason;

        KeyConfigRejected(dev.postern.session.KeyConfigRejected.Reason reason) {
            super("The key configuration is rejected: " + reason);
            this.reason = reason;
        }

        public dev.postern.session.KeyConfigRejected.Reason reason() {
            return reason;
        }
    }

    /// The relay offers no permitted suite, or its answer to OPEN is not the expected relay's. There is no weaker
    /// second attempt.
    public static final class HandshakeRejected extends PosternFailure {
        private static final long serialVersionUID = 1L;

        private final HandshakeFailed.Reason reason;

        HandshakeRejected(HandshakeFailed.Reason reason) {
            super("The handshake is rejected: " + reason);
            this.reason = reason;
        }

        public HandshakeFailed.Reason reason() {
            return reason;
        }
    }

    /// What this means for a request of which something has left: that nobody can serve it now does not say that
    /// nobody has. What the relay alone can have said, and what forbids another attempt anyway, stays what it is.
    PosternFailure afterLeaving() {
        return switch (this) {
            case Unavailable _, Reauthenticate _, KeyConfigRejected _, HandshakeRejected _ -> new SessionLost(this);
            case Forbidden forbidden -> forbidden.authentic ? this : new SessionLost(this);
            case SessionLost _, Truncated _, Refused _, EffectUnknown _, TimedOut _, ReadTooSlowly _ -> this;
        };
    }

    /// What this means for a request of which nothing has left: with the session no more was lost than the attempt.
    PosternFailure beforeLeaving() {
        return this instanceof SessionLost ? new Unavailable() : this;
    }

    /// Whether another session might serve the request as it is.
    boolean passes() {
        return switch (this) {
            case SessionLost _, Unavailable _, Reauthenticate _ -> true;
            case Forbidden _,
                    Truncated _,
                    Refused _,
                    EffectUnknown _,
                    TimedOut _,
                    ReadTooSlowly _,
                    KeyConfigRejected _,
                    HandshakeRejected _ -> false;
        };
    }
}

package dev.postern.redacting.engine;

import dev.postern.redact.scan.TooCostly;
import dev.postern.redacting.prompt.PromptRefused;
import dev.postern.redacting.pseudonym.VaultUnavailable;
import java.util.List;

/// The exchange ends here: nothing of it may go to the model or to the caller.
public final class ExchangeRefused extends Exception {
    private final Reason reason;
    private final transient List<String> kinds;

    public enum Reason {
        MALFORMED("malformed"),
        TOO_LARGE("too-large"),
        OVERLOADED("overloaded"),
        TOO_LATE("too-late"),
        POLICY_BLOCKED("policy-blocked"),
        POLICY_UNAVAILABLE("policy-unavailable"),
        /// The tenant's own rules take too long on the text.
        PACK_TOO_COSTLY("pack-too-costly"),
        VAULT_UNAVAILABLE("vault-unavailable"),
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
        this(reason, List.of());
    }

    private ExchangeRefused(Reason reason, List<String> kinds) {
        super(reason.code(), null, false, false);
        this.reason = reason;
        this.kinds = List.copyOf(kinds);
    }

    /// What looks at texts of a tenant.
    interface Work<T> {
        T done() throws PromptRefused, ExchangeRefused;
    }

    /// Does it, closed: whatever stands against it is said as a refusal.
    static <T> T orRefuse(Work<T> work) throws ExchangeRefused {
        try {
            return work.done();
        } catch (PromptRefused e) {
            throw of(e);
        } catch (TooCostly _) {
            throw new ExchangeRefused(Reason.PACK_TOO_COSTLY);
        } catch (VaultUnavailable _) {
            throw new ExchangeRefused(Reason.VAULT_UNAVAILABLE);
        }
    }

    private static ExchangeRefused of(PromptRefused refused) {
        if (!refused.blocked().isEmpty()) {
            return new ExchangeRefused(Reason.POLICY_BLOCKED, refused.blocked());
        }
        return new ExchangeRefused(refused.tooLarge() ? Reason.TOO_LARGE : Reason.MALFORMED);
    }

    public Reason reason() {
        return reason;
    }

    /// The kinds of values that a policy blocked; none for other reasons.
    public List<String> kinds() {
        return kinds;
    }
}

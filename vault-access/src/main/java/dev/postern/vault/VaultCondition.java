package dev.postern.vault;

import dev.postern.kms.KeyManagementException.Reason;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How the server was when last spoken to. Safe for any thread.
final class VaultCondition {
    private static final Logger LOG = System.getLogger(VaultCondition.class.getName());

    /// @param trouble nothing while it answers
    record Finding(Optional<Reason> trouble, Instant since) {}

    private final Clock clock;
    private Finding finding;

    VaultCondition(Clock clock) {
        this.clock = clock;
        this.finding = new Finding(Optional.empty(), clock.instant());
    }

    synchronized Finding finding() {
        return finding;
    }

    void answered() {
        set(null);
    }

    void failed(Reason reason) {
        set(reason);
    }

    private synchronized void set(@Nullable Reason reason) {
        Optional<Reason> trouble = Optional.ofNullable(reason);
        if (finding.trouble().equals(trouble)) {
            return;
        }
        finding = new Finding(trouble, clock.instant());
        trouble.ifPresentOrElse(
                found -> LOG.log(Level.WARNING, "the Vault is away ({0}): going on with the keys held", found),
                () -> LOG.log(Level.INFO, "the Vault answers again"));
    }
}

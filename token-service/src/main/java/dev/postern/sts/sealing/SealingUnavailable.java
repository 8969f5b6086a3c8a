package dev.postern.sts.sealing;

import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemBearing;
import dev.postern.kms.KeyManagementException;
import org.springframework.dao.TransientDataAccessResourceException;

/// The registry's data keys cannot be had now: nothing is sealed, and what another replica sealed under a new one does
/// not open. Whoever can do without the registry treats it as a database that is away; everybody else is told 503.
public final class SealingUnavailable extends TransientDataAccessResourceException implements ProblemBearing {
    private static final long serialVersionUID = 1;

    static final Problem PROBLEM = new Problem(
            503,
            "registry-keys-unavailable",
            "The registry's data keys cannot be looked at, so it takes no changes: see to key management (health"
                    + " contributor kms) and the database, then send the request again.");

    SealingUnavailable(KeyManagementException cause) {
        super("the registry's data keys cannot be had now", cause);
    }

    @Override
    public Problem problem() {
        return PROBLEM;
    }
}

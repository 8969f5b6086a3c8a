package dev.postern.auditing.index;

import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemBearing;
import java.io.IOException;
import java.io.Serial;

/// Part of the index is being rebuilt, so that nobody can tell right now whether an event is in the log.
public final class IndexIncomplete extends IOException implements ProblemBearing {
    @Serial
    private static final long serialVersionUID = 1L;

    IndexIncomplete(Throwable cause) {
        super("the audit index is being rebuilt: try again shortly", cause);
    }

    IndexIncomplete() {
        super("the audit index is being rebuilt: try again shortly");
    }

    @Override
    public Problem problem() {
        return Problem.UNAVAILABLE;
    }
}

package dev.postern.gateway.admission;

import dev.postern.policy.Limit;
import dev.postern.policy.Price;
import java.util.List;
import java.util.Optional;

/// The limits and prices of the policy that is in force. Never waits, safe for any thread.
///
/// Failure direction, closed: without a policy in force an implementation throws
/// [dev.postern.gateway.problem.Refused]; "no limits" must be said, not guessed.
public interface LimitSource {
    /// Every limit that applies.
    ///
    /// @param model empty for an operation without a model
    List<Limit> limitsFor(String tenant, String client, String model);

    /// Whether any limit applies to this client, whatever model it uses.
    boolean isLimited(String tenant, String client);

    /// What the model costs; without a price it costs nothing.
    Optional<Price> priceOf(String model);
}

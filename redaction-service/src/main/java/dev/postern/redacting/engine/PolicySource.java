package dev.postern.redacting.engine;

import dev.postern.redact.policy.Plan;

/// The policies in force. Any thread; never blocks.
@FunctionalInterface
public interface PolicySource {
    /// What is done to a tenant's data of some label.
    ///
    /// @param label empty when there is none
    /// @throws ExchangeRefused when nobody can say what the tenant's policy is: never a laxer one in its place
    Plan plan(String tenant, String label) throws ExchangeRefused;
}

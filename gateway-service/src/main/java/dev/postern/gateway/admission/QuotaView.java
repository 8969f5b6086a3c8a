package dev.postern.gateway.admission;

import dev.postern.policy.Facts;

/// What clients had left when they were last admitted here. For facts of policy; admission itself asks Redis.
public interface QuotaView {
    /// The least that any of the client's limits left at its latest request at this replica, and what has come back
    /// since; [Facts.Quota#UNKNOWN] before the first and after a while. Never waits, safe for any thread.
    Facts.Quota left(String tenant, String clientId);
}

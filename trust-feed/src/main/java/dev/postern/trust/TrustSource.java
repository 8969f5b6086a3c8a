package dev.postern.trust;

import java.util.List;

/// The publisher's truth: its database, or its ledger. Both methods may block and may throw when it cannot be read:
/// they are called on a thread that nothing else waits for. Ticks go on meanwhile, and what is published is what was
/// handed to [TrustPublisher#publish].
public interface TrustSource {
    /// Everything that is in force now: every revocation whose time is not over, the policy, the states of keys.
    /// A change is in here before it is published.
    List<TrustChange> inForce();

    /// Differs from what it was whenever [#inForce] does, at any replica. Asked for five times a second, so it must be
    /// cheap; it need not be ordered.
    String version();
}

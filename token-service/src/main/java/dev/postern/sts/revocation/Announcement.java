package dev.postern.sts.revocation;

import dev.postern.trust.TrustChange;
import java.util.List;

/// Tells the platform what changed: the trust feed.
@FunctionalInterface
public interface Announcement {

    /// Publishes what is stored already.
    ///
    /// @return whether it is on the feed; otherwise it gets there as soon as that is possible, and those who follow
    ///     read it over HTTPS meanwhile
    boolean announce(List<? extends TrustChange> changes);
}

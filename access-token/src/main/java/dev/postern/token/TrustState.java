package dev.postern.token;

/// What has been taken back since tokens were issued: the trust feed as verification sees it. Never blocks.
@FunctionalInterface
public interface TrustState {

    /// How a token stands at this moment.
    enum Standing {
        TRUSTED,
        /// It, its session, client, subject, tenant or signing key was revoked.
        REVOKED,
        /// It was issued under a policy that no longer counts: a new one is to be had.
        OUTDATED,
        /// Nobody can say: the feed has been silent for longer than it may. Treated as a refusal (it fails closed).
        UNKNOWN
    }

    Standing standingOf(Revocable token);
}

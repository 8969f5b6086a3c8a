package dev.postern.gateway.admission;

import dev.postern.token.AccessToken;

/// Hears what each request used, limited or not. Never waits, safe for any thread.
@FunctionalInterface
public interface UsageListener {
    /// A request of this token is over.
    ///
    /// @param modelTokens in and out together, reported or estimated
    void used(AccessToken token, long modelTokens);
}

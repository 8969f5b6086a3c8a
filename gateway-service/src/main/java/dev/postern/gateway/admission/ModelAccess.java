package dev.postern.gateway.admission;

import dev.postern.token.AccessToken;

/// Which models a caller may use. Never waits, safe for any thread.
///
/// A model that it may not use does not exist for the caller: it is not listed, and naming it is answered like naming
/// one that nobody has.
public interface ModelAccess {
    /// What the token itself says, in its `authorization_details`.
    ModelAccess OF_TOKEN = AccessToken::mayUseModel;

    /// Implementations narrow what the token says and never widen it.
    boolean mayUse(AccessToken token, String model);
}

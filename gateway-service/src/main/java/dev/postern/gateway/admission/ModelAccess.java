package dev.postern.gateway.admission;

import dev.postern.token.AccessToken;

/// Which models a caller may use. Never waits, safe for any thread.
///
/// A model that it may not use does not exist for the caller: it is not listed, and naming it is answered like naming
/// one that nobody has.
public interface ModelAccess {
    /// Whether both its token's details and its roles allow it.
    boolean mayUse(AccessToken token, String model);
}

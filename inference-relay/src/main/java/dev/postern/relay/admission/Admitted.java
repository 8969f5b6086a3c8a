package dev.postern.relay.admission;

import dev.postern.relay.request.Caller;
import dev.postern.session.Accepted;
import dev.postern.token.AccessToken;
import java.util.Set;

/// A session granted: what only [Admission] makes, and what it takes to serve requests.
///
/// @param token the session's own
/// @param self the client it names
/// @param models the models the client said it would use; empty for any
/// @param keyId the relay key that OPEN was sealed to
public record Admitted(
        Accepted accepted, AccessToken token, Caller self, Set<String> models, String keyId, String suite) {
    /// Whether the session may speak for other callers.
    public boolean mayDelegate() {
        return self.scopes().contains(Caller.DELEGATE);
    }
}

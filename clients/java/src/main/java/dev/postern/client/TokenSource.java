package dev.postern.client;

import dev.postern.session.ProofKey;
import java.io.IOException;

/// Where tokens come from; asked at each opening of a session, by any thread. One that keeps tokens hands out only
/// such as have a while to live, since a session ends with them.
public interface TokenSource {
    /// A bearer token for the gateway (`urn:postern:gateway`) that may invoke models.
    ///
    /// @throws TokenRefused when the issuer refuses; taken as [PosternFailure.Reauthenticate]
    /// @throws IOException when it cannot be reached; taken as [unavailable][PosternFailure.Unavailable]
    Token gateway() throws IOException, InterruptedException;

    /// A token for the relay (`urn:postern:relay`) that is bound to this key: its `cnf.jkt` is the key's thumbprint.
    ///
    /// @throws IOException as above
    Token relay(ProofKey key) throws IOException, InterruptedException;
}

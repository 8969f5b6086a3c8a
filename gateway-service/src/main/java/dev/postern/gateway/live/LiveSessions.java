package dev.postern.gateway.live;

import dev.postern.gateway.problem.Failure;
import dev.postern.token.AccessToken;

/// What is being served here, for whoever has to end some of it.
public interface LiveSessions {
    /// Ends everything served for a token that `which` matches. An event stream ends with an error event and
    /// never looks complete; an answer in one piece fails with `why`. Safe for any thread.
    ///
    /// It returns before the last byte is out.
    ///
    /// Non-guarantee: other replicas, and requests that come later. A revocation is what reaches those.
    ///
    /// @return how many were ended
    int end(Which which, Failure why);

    /// Whose requests.
    sealed interface Which {
        boolean matches(AccessToken token);

        /// Every token with this `sid`.
        record Session(String sessionId) implements Which {
            @Override
            public boolean matches(AccessToken token) {
                return token.sessionId().equals(sessionId);
            }
        }

        /// Every token of this client.
        record Client(String clientId) implements Which {
            @Override
            public boolean matches(AccessToken token) {
                return token.clientId().equals(clientId);
            }
        }
    }
}

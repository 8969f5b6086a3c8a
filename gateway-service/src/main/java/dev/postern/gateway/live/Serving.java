package dev.postern.gateway.live;

import dev.postern.gateway.problem.Failure;
import dev.postern.token.AccessToken;
import java.util.Optional;
import java.util.function.Supplier;

/// A request that is about to be served.
///
/// @param operation its fixed name
/// @param kind how its answer comes
/// @param stillAllowed asked again and again, on a thread of this package: why policy now forbids what it allowed
///     when the request began, if it does. It never waits
public record Serving(AccessToken token, String operation, Kind kind, Supplier<Optional<Failure>> stillAllowed) {

    /// The same, as long as something else does not forbid it either.
    public Serving allowedWhile(Supplier<Optional<Failure>> also) {
        return new Serving(token, operation, kind, () -> stillAllowed.get().or(also));
    }

    /// How an answer comes.
    public enum Kind {
        /// In one piece.
        REQUEST("request"),
        /// As a stream of events.
        HTTP_STREAM("http-stream"),
        /// As frames that only the client can open.
        SEALED_SESSION("sealed-session");

        private final String wireName;

        Kind(String wireName) {
            this.wireName = wireName;
        }

        String wireName() {
            return wireName;
        }
    }
}

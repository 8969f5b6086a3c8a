package dev.postern.rotation.ledger;

import dev.postern.rotation.lifecycle.KeyClass;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/// What somebody calls compromised.
///
/// @param kid one key in whatever state; without it, every active key of the class
/// @param owner only keys of this service
/// @param calledBy SPIFFE id, client id, or the trigger of an automatic one
/// @param approvedBy the second person, of a real one
/// @param called when the call arrived: the timeline begins here
public record Compromise(
        KeyClass keyClass,
        Optional<String> kid,
        Optional<URI> owner,
        Mode mode,
        String calledBy,
        Optional<String> approvedBy,
        Instant called) {
    /// Why.
    public enum Mode {
        /// To see how long it takes; everything happens as if it were real.
        DRILL("drill"),
        /// Two persons say so.
        REAL("real"),
        /// A trigger that policy trusts says so.
        AUTOMATIC("automatic");

        private final String code;

        Mode(String code) {
            this.code = code;
        }

        public String code() {
            return code;
        }
    }
}

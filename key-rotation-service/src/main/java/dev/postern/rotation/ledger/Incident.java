package dev.postern.rotation.ledger;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A compromise and what came of it: what was denied, who has acknowledged, and when. This is the report, on disk and
/// on the wire.
///
/// @param version the directory version that denies the keys
/// @param phases when each was reached; missing while it was not
/// @param silent followers that were alive at the call and have not acknowledged
/// @param owed what owners still have to do: `spare <owner> <instance>`, `end <kid>`
/// @param sessionsEnded live sessions and requests that ended with the keys, as their owners counted
/// @param finished whether nothing is waited for any more: because all is done, or because time is up
public record Incident(
        String id,
        @JsonProperty("class") String keyClass,
        List<String> kids,
        List<String> activated,
        String mode,
        @JsonProperty("called_by") String calledBy,
        @JsonProperty("approved_by") @Nullable String approvedBy,
        long version,
        Map<Phase, Instant> phases,
        List<Acknowledgement> acknowledgements,
        List<Consumer> silent,
        List<String> owed,
        @JsonProperty("sessions_ended") int sessionsEnded,
        boolean finished) {
    public Incident {
        kids = List.copyOf(kids);
        activated = List.copyOf(activated);
        phases = Map.copyOf(phases);
        acknowledgements = List.copyOf(acknowledgements);
        silent = List.copyOf(silent);
        owed = List.copyOf(owed);
    }

    /// The steps of the timeline.
    public enum Phase {
        /// The call arrived.
        @JsonProperty("called")
        CALLED,
        /// The ledger denies the keys, on disk.
        @JsonProperty("denied")
        DENIED,
        /// Spares are active, in the same version.
        @JsonProperty("activated")
        ACTIVATED,
        /// The denial is on the trust feed.
        @JsonProperty("published")
        PUBLISHED,
        /// The last living follower has acknowledged the directory that denies.
        @JsonProperty("acknowledged")
        ACKNOWLEDGED,
        /// Owners say that what the keys signed or sealed has ended.
        @JsonProperty("ended")
        ENDED,
        /// Every owner has registered a new spare.
        @JsonProperty("prepared")
        PREPARED;

        public String code() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    public record Consumer(URI id, String instance) {}

    public record Acknowledgement(URI id, String instance, Instant at) {}

    /// Whether it only practises.
    @JsonIgnore
    public boolean isDrill() {
        return mode.equals(Compromise.Mode.DRILL.code());
    }

    /// Whether everything that was waited for has happened.
    public boolean complete() {
        return silent.isEmpty() && owed.isEmpty() && phases.containsKey(Phase.PUBLISHED);
    }

    /// From the call to a phase that was reached.
    public Duration after(Phase phase) {
        Instant called = phases.getOrDefault(Phase.CALLED, Instant.EPOCH);
        Duration after = Duration.between(called, phases.getOrDefault(phase, called));
        // A clock that jumped back makes no negative time.
        return after.isNegative() ? Duration.ZERO : after;
    }
}

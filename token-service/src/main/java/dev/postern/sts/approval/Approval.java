package dev.postern.sts.approval;

import dev.postern.chassis.person.Person;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// A change that waits, or waited, for a second person.
///
/// @param expected the version of the resource that the change was decided on
/// @param document the change itself, JSON
/// @param decidedBy as the audit trail names them
public record Approval(
        String id,
        String kind,
        String resourceId,
        long expected,
        String document,
        Person requester,
        State state,
        Instant requestedAt,
        Instant expiresAt,
        Optional<String> decidedBy,
        Optional<Instant> decidedAt) {

    /// How it stands.
    public enum State {
        PENDING,
        APPROVED,
        REJECTED,
        EXPIRED;

        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        static State ofWireName(String name) {
            return Arrays.stream(values())
                    .filter(state -> state.wireName().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("the database holds an unknown state"));
        }
    }

    /// As it stands at `now`.
    Approval at(Instant now) {
        return state == State.PENDING && !now.isBefore(expiresAt)
                ? new Approval(
                        id,
                        kind,
                        resourceId,
                        expected,
                        document,
                        requester,
                        State.EXPIRED,
                        requestedAt,
                        expiresAt,
                        decidedBy,
                        decidedAt)
                : this;
    }
}

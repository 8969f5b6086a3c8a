package dev.postern.auditing.archive;

import dev.postern.archive.OpeningDecision;
import dev.postern.archive.OpeningRequest;
import dev.postern.chassis.person.Person;
import dev.postern.session.RecipientPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A request to open captured bodies, and what was decided on it so far.
///
/// @param digest of the request
/// @param by who asked
/// @param captures ids of the bodies
/// @param expires nothing of it counts from then on
/// @param decisions in order
record Opening(
        String id,
        OpeningRequest request,
        String digest,
        Person by,
        Set<String> captures,
        Instant asked,
        Instant expires,
        List<Decision> decisions) {
    /// Custodians who must approve.
    static final int APPROVALS = 2;

    /// What became of it.
    enum State {
        WAITING,
        APPROVED,
        REFUSED
    }

    /// What a custodian said.
    ///
    /// @param shares capture id to the custodian's share, sealed to who asked; base64url
    /// @param signature of the custodian, over the [OpeningDecision]; base64url
    record Decision(
            String custodian, Person by, OpeningDecision.Kind kind, Map<String, String> shares, String signature) {}

    Opening {
        captures = Set.copyOf(captures);
        decisions = List.copyOf(decisions);
    }

    Opening with(Decision decision) {
        List<Decision> all = new ArrayList<>(decisions);
        all.add(decision);
        return new Opening(id, request, digest, by, captures, asked, expires, all);
    }

    /// One refusal ends it.
    State state() {
        if (decisions.stream().anyMatch(decision -> decision.kind() == OpeningDecision.Kind.REFUSED)) {
            return State.REFUSED;
        }
        return decisions.size() >= APPROVALS ? State.APPROVED : State.WAITING;
    }

    /// The name of the key that shares go to.
    Optional<String> recipient() {
        return RecipientPublicKey.parse(request.recipient()).map(RecipientPublicKey::name);
    }

    List<CapturedBodies.EventName> events() {
        return request.entries().stream()
                .map(entry -> new CapturedBodies.EventName(entry.source(), entry.id()))
                .toList();
    }
}

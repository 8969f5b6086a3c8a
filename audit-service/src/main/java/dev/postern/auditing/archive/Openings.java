package dev.postern.auditing.archive;

import dev.postern.archive.CustodianRegister;
import dev.postern.archive.OpeningDecision;
import dev.postern.archive.OpeningRequest;
import dev.postern.audit.ApprovalDecided;
import dev.postern.audit.ApprovalRequested;
import dev.postern.audit.ArchiveOpened;
import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditUnavailable;
import dev.postern.audit.DurableRecord;
import dev.postern.chassis.person.Person;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Requests to open captured bodies, from asking to release. In memory and bounded: a restart forgets them, and who
/// asked asks again.
///
/// Guarantee: nothing is released before two custodians approved, who are two persons and neither of them the one who
/// asked, each by a signature over this request; and nothing counts before it is on record. Failure direction: closed.
///
/// Thread-safe. Its monitor is held while an event is put on disk: what is on record and what counts are in one order.
final class Openings {
    static final String ACTION = "archive.open";

    private static final int MOST = 64;
    /// So that nobody alone can keep others from asking.
    private static final int MOST_OF_ONE = 8;
    private static final int ID_BYTES = 12;

    private final Optional<CustodianRegister> custodians;
    private final Duration patience;
    private final DurableRecord record;
    private final Clock clock;
    private final SecureRandom random;
    /// Guarded by this.
    private final Map<String, Opening> kept = new LinkedHashMap<>();

    Openings(
            Optional<CustodianRegister> custodians,
            Duration patience,
            DurableRecord record,
            Clock clock,
            SecureRandom random) {
        this.custodians = custodians;
        this.patience = patience;
        this.record = record;
        this.clock = clock;
        this.random = random;
    }

    /// @throws ProblemException when there are no custodians who could open anything
    CustodianRegister custodians() {
        return custodians.orElseThrow(() -> new ProblemException(ArchiveProblems.OFF));
    }

    /// Keeps a request until two custodians decided, or it is too old.
    ///
    /// @param captures ids of the bodies that are asked for
    synchronized Opening ask(OpeningRequest request, Set<String> captures, Person by) {
        var _ = custodians();
        expire();
        long own = kept.values().stream().filter(other -> other.by().equals(by)).count();
        if (kept.size() >= MOST || own >= MOST_OF_ONE) {
            throw new ProblemException(ArchiveProblems.TOO_MANY_OPENINGS);
        }
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        Instant now = clock.instant();
        Opening opening = new Opening(
                HexFormat.of().formatHex(id),
                request,
                request.digest(),
                by,
                captures,
                now,
                now.plus(patience),
                List.of());
        onRecord(new ApprovalRequested(
                opening.id(),
                by.actor(),
                ACTION,
                "archive",
                opening.digest(),
                Optional.of(request.reason()),
                opening.recipient(),
                Optional.of(captures)));
        kept.put(opening.id(), opening);
        return opening;
    }

    synchronized List<Opening> all() {
        var _ = custodians();
        expire();
        return List.copyOf(kept.values());
    }

    synchronized Opening one(String id) {
        var _ = custodians();
        expire();
        Opening opening = kept.get(id);
        if (opening == null) {
            throw new ProblemException(ArchiveProblems.UNKNOWN_OPENING);
        }
        return opening;
    }

    /// Takes a custodian's decision, signed with any of their keys: which of them a body is sealed to, only its share
    /// tells.
    synchronized Opening decide(String id, Opening.Decision decision) {
        Opening opening = one(id);
        String custodian = decision.custodian();
        if (!custodians().holds(custodian)) {
            throw new ProblemException(ArchiveProblems.UNKNOWN_CUSTODIAN);
        }
        requireAnotherPerson(opening, custodian, decision.by());
        if (opening.state() != Opening.State.WAITING
                || opening.decisions().stream()
                        .anyMatch(other -> other.custodian().equals(custodian))) {
            throw new ProblemException(ArchiveProblems.ALREADY_DECIDED);
        }
        byte[] signature = Base64.getUrlDecoder().decode(decision.signature());
        if (!custodians().made(custodian, new OpeningDecision(id, decision.kind(), opening.digest()), signature)) {
            throw new ProblemException(ArchiveProblems.SIGNATURE);
        }
        Set<String> expected = decision.kind() == OpeningDecision.Kind.APPROVED ? opening.captures() : Set.of();
        if (!decision.shares().keySet().equals(expected)) {
            throw new ProblemException(ArchiveProblems.SHARES);
        }
        onRecord(new ApprovalDecided(
                id,
                decision.by().actor(),
                opening.by().actor(),
                onRecord(decision.kind()),
                Optional.of(custodian),
                Optional.of(opening.digest()),
                Optional.of(decision.signature())));
        Opening decided = opening.with(decision);
        kept.put(id, decided);
        return decided;
    }

    /// As the record names every second person's decision.
    private static String onRecord(OpeningDecision.Kind kind) {
        return switch (kind) {
            case APPROVED -> "approved";
            case REFUSED -> "rejected";
        };
    }

    private static void requireAnotherPerson(Opening opening, String custodian, Person person) {
        if (!person.subject().equals(custodian)) {
            throw new ProblemException(ArchiveProblems.NOT_THE_CUSTODIAN);
        }
        boolean decidedBefore = opening.decisions().stream()
                .anyMatch(other ->
                        !other.custodian().equals(custodian) && other.by().isSameAs(person));
        if (opening.by().isSameAs(person) || decidedBefore) {
            throw new ProblemException(ArchiveProblems.SECOND_PERSON);
        }
    }

    /// What may be handed to this person, who asked for it.
    Opening releasable(String id, Person by) {
        Opening opening = one(id);
        if (!opening.by().equals(by)) {
            throw new ProblemException(ArchiveProblems.NOT_THE_REQUESTER);
        }
        if (opening.state() != Opening.State.APPROVED) {
            throw new ProblemException(ArchiveProblems.NOT_APPROVED);
        }
        return opening;
    }

    /// Puts on record that it is handed out. To who asked that may happen again, until it is too old: each time is on
    /// record.
    ///
    /// @throws ProblemException when it is not, or is too old now: nothing may be handed out
    synchronized void release(String id, Person by) {
        Opening opening = releasable(id, by);
        onRecord(new ArchiveOpened(
                id,
                by.actor(),
                opening.decisions().stream().map(Opening.Decision::custodian).collect(Collectors.toUnmodifiableSet()),
                opening.digest(),
                opening.request().reason(),
                opening.captures().size(),
                Optional.of(opening.captures()),
                opening.recipient()));
    }

    private void onRecord(AuditEvent event) {
        try {
            record.record(event);
        } catch (AuditUnavailable _) {
            throw new ProblemException(Problem.AUDIT_UNAVAILABLE);
        }
    }

    private void expire() {
        Instant now = clock.instant();
        kept.values().removeIf(opening -> !now.isBefore(opening.expires()));
    }
}

package dev.postern.rotation.compromise;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.postern.audit.ApprovalDecided;
import dev.postern.audit.ApprovalRequested;
import dev.postern.audit.AuditUnavailable;
import dev.postern.chassis.peer.PeerIdentities;
import dev.postern.chassis.person.Person;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.rotation.directory.KeyClasses;
import dev.postern.rotation.directory.LedgerCalls;
import dev.postern.rotation.directory.RotationAccess;
import dev.postern.rotation.ledger.AuditLine;
import dev.postern.rotation.ledger.Compromise;
import dev.postern.rotation.ledger.Compromise.Mode;
import dev.postern.rotation.ledger.Incident;
import dev.postern.rotation.ledger.KeyLedger;
import dev.postern.rotation.lifecycle.KeyClass;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// `POST /v1/keys/{class}/compromise`: a drill happens at once, where drills are allowed; the real thing waits for a
/// second person. Answers when the denial is on disk; `GET /v1/compromises/{id}` tells the rest as it happens.
@RestController
final class CompromisesController {
    private static final Problem NO_DRILLS = new Problem(
            403, "drills-not-allowed", "Drills are not allowed here: see postern.rotation.compromise.drills.allowed.");
    private static final Problem DRILL_OF_ONE_KEY = new Problem(
            400, "drill-of-one-key", "A drill is of a class; a kid may be named of certificates, and in mode real.");
    private static final Problem DRILL_WAITS = new Problem(
            409,
            "drill-waits",
            "A drill waits while rotation is paused, while an incident is open, until every holder has a spare,"
                    + " a moment after the last one of its class, and, of the audit log's keys, until midnight UTC"
                    + " when they are three days ahead.");
    private static final Problem UNKNOWN_MODE = new Problem(400, "unknown-mode", "The mode is drill or real.");
    private static final Problem UNKNOWN_CALL =
            new Problem(404, "unknown-call", "No such call waits: it was decided, withdrawn, or is too old.");
    private static final Problem UNKNOWN_INCIDENT = new Problem(404, "unknown-incident", "There is no such report.");
    private static final Problem SAME_PERSON = new Problem(
            403,
            "second-person-required",
            "Somebody else than who called must approve, by the same means: a certificate and a token may be one person's.");
    private static final Problem TOO_MANY_CALLS =
            new Problem(429, "too-many-calls", "Many calls wait already: decide on them first.");

    /// @param kid one key, in whatever state; without it every active key of the class
    /// @param owner path below the trust domain of the service whose keys are meant
    record Call(String mode, @Nullable String kid, @Nullable String owner) {
        Call {
            if (mode == null) {
                throw new IllegalArgumentException("mode");
            }
        }
    }

    /// What waits.
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Waiting(
            String approval,
            String state,
            @JsonProperty("class") String keyClass,
            @Nullable String kid,
            @JsonProperty("called_by") String calledBy,
            @JsonProperty("expires_at") Instant expiresAt) {
        static Waiting of(PendingCalls.Pending call) {
            return new Waiting(
                    call.id(),
                    "pending",
                    call.keyClass().wireName(),
                    call.kid().orElse(null),
                    call.by().actor(),
                    call.expires());
        }
    }

    private final KeyLedger ledger;
    private final DrillRules drills;
    private final RotationAccess access;
    private final PendingCalls pending;
    private final CompromiseProperties properties;
    private final PeerIdentities peers;
    private final AuditLine audit;
    private final Clock clock;

    CompromisesController(
            KeyLedger ledger,
            DrillRules drills,
            RotationAccess access,
            PendingCalls pending,
            CompromiseProperties properties,
            PeerIdentities peers,
            AuditLine audit,
            Clock clock) {
        this.ledger = ledger;
        this.drills = drills;
        this.access = access;
        this.pending = pending;
        this.properties = properties;
        this.peers = peers;
        this.audit = audit;
        this.clock = clock;
    }

    @PostMapping("/v1/keys/{keyClass}/compromise")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Object call(HttpServletRequest request, @PathVariable String keyClass, @RequestBody Call call) {
        Instant called = clock.instant();
        Person caller = access.require(request, "keys.compromise");
        KeyClass known = KeyClasses.read(keyClass);
        Optional<String> kid = Optional.ofNullable(call.kid());
        Optional<URI> owner = Optional.ofNullable(call.owner()).map(peers::id);
        return switch (call.mode()) {
            case "drill" -> {
                if (!properties.drills().allowed()) {
                    throw new ProblemException(NO_DRILLS);
                }
                yield drill(new Compromise(known, kid, owner, Mode.DRILL, caller.actor(), Optional.empty(), called));
            }
            case "real" -> await(known, kid, owner, caller);
            default -> throw new ProblemException(UNKNOWN_MODE);
        };
    }

    private Incident drill(Compromise drill) {
        if (drill.kid().isPresent() && drill.keyClass() != KeyClass.SERVICE_CERT) {
            throw new ProblemException(DRILL_OF_ONE_KEY);
        }
        return LedgerCalls.answer(() -> {
            try {
                return drills.drill(drill);
            } catch (DrillRules.Waits _) {
                throw new ProblemException(DRILL_WAITS);
            }
        });
    }

    private Waiting await(KeyClass keyClass, Optional<String> kid, Optional<URI> owner, Person caller) {
        return LedgerCalls.answer(() -> {
            // The second person is sent to the replica that leads.
            ledger.requireLead();
            PendingCalls.Pending call =
                    pending.add(keyClass, kid, owner, caller).orElseThrow(() -> new ProblemException(TOO_MANY_CALLS));
            try {
                audit.recordDurably(new ApprovalRequested(
                        call.id(), caller.actor(), "key-compromised", keyClass.wireName(), kid.orElse("active")));
            } catch (AuditUnavailable unrecorded) {
                var _ = pending.withdraw(call.id());
                throw unrecorded;
            }
            return Waiting.of(call);
        });
    }

    @GetMapping("/v1/compromises/pending")
    List<Waiting> waiting(HttpServletRequest request) {
        var _ = access.require(request, "keys.compromise.read");
        return pending.waiting().stream().map(Waiting::of).toList();
    }

    /// The second person says yes. The timeline begins here: before it, nothing was allowed to happen.
    @PostMapping("/v1/compromises/pending/{id}/approve")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Incident approve(HttpServletRequest request, @PathVariable String id) {
        Instant called = clock.instant();
        Person approver = access.require(request, "keys.compromise.approve");
        PendingCalls.Pending call;
        try {
            call = pending.take(id, approver);
        } catch (PendingCalls.Refused refused) {
            throw new ProblemException(
                    switch (refused.refusal()) {
                        case UNKNOWN -> UNKNOWN_CALL;
                        case SAME_PERSON -> SAME_PERSON;
                    });
        }
        try {
            return LedgerCalls.answer(() -> {
                audit.recordDurably(new ApprovalDecided(
                        call.id(), approver.actor(), call.by().actor(), "approved"));
                return ledger.compromise(new Compromise(
                        call.keyClass(),
                        call.kid(),
                        call.owner(),
                        Mode.REAL,
                        call.by().actor(),
                        Optional.of(approver.actor()),
                        called));
            });
        } catch (ProblemException e) {
            pending.putBack(call);
            throw e;
        }
    }

    @DeleteMapping("/v1/compromises/pending/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void reject(HttpServletRequest request, @PathVariable String id) {
        Person decider = access.require(request, "keys.compromise.approve");
        // First, so that nobody approves it meanwhile.
        PendingCalls.Pending call = pending.withdraw(id).orElseThrow(() -> new ProblemException(UNKNOWN_CALL));
        try {
            audit.recordDurably(
                    new ApprovalDecided(call.id(), decider.actor(), call.by().actor(), "rejected"));
        } catch (AuditUnavailable _) {
            pending.putBack(call);
            throw new ProblemException(Problem.AUDIT_UNAVAILABLE);
        }
    }

    @GetMapping("/v1/compromises")
    List<Incident> all(HttpServletRequest request) {
        var _ = access.require(request, "keys.compromise.read");
        return ledger.incidents();
    }

    @GetMapping("/v1/compromises/{id}")
    Incident one(HttpServletRequest request, @PathVariable String id) {
        var _ = access.require(request, "keys.compromise.read");
        return ledger.incidents().stream()
                .filter(incident -> incident.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new ProblemException(UNKNOWN_INCIDENT));
    }
}

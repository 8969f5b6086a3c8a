package dev.postern.auditing.retention;

import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditUnavailable;
import dev.postern.audit.DurableRecord;
import dev.postern.audit.LegalHoldPlaced;
import dev.postern.audit.LegalHoldReleased;
import dev.postern.audit.root.RootEntry;
import dev.postern.chassis.peer.Door;
import dev.postern.chassis.peer.PeerIdentities;
import dev.postern.chassis.problem.JsonBody;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.DateTimeException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// `GET /v1/holds`, `PUT` and `DELETE /v1/holds/{hold}`: the operator's legal holds. Each change is an audit event,
/// with its reason, before it is an entry of the public root log, without it.
@RestController
final class HoldsController {
    private static final int LONGEST = 32 << 10;
    private static final int LONGEST_REASON = 256;
    private static final Problem GONE = new Problem(
            409, "already-deleted", "Something of what the hold names is deleted or shredded already, or never was.");
    private static final Problem EXISTS =
            new Problem(409, "hold-exists", "A hold of this name holds something else: choose another name.");
    private static final Problem TOO_MANY = new Problem(409, "too-many-holds", "Release a hold before the next one.");

    private final Retention retention;
    private final PeerIdentities peers;
    private final DurableRecord audit;

    HoldsController(Retention retention, PeerIdentities peers, DurableRecord audit) {
        this.retention = retention;
        this.peers = peers;
        this.audit = audit;
    }

    /// What is asked for.
    ///
    /// @param held   shards (`2026w48`) and days (`2026-11-26`)
    /// @param reason for the audit log
    record Wanted(@Nullable Set<String> held, @Nullable String reason) {}

    @GetMapping("/v1/holds")
    Map<String, Set<String>> holds(HttpServletRequest request) {
        var _ = peers.require(request, Door.AUDIT_HOLDS);
        Map<String, Set<String>> holds = new TreeMap<>();
        retention.holds().forEach((hold, held) -> holds.put(hold, new TreeSet<>(held)));
        return holds;
    }

    @PutMapping("/v1/holds/{hold}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void place(HttpServletRequest request, @PathVariable String hold) {
        String actor = peers.require(request, Door.AUDIT_HOLD).toString();
        Wanted wanted = JsonBody.read(request, Wanted.class, LONGEST);
        Set<String> held = wanted.held() == null ? Set.of() : wanted.held();
        String reason = reason(wanted.reason());
        change(() -> {
            try {
                retention.place(hold, held, () -> record(new LegalHoldPlaced(actor, hold, held, reason)));
            } catch (IllegalArgumentException | DateTimeException | NullPointerException _) {
                throw new ProblemException(Problem.MALFORMED);
            }
        });
    }

    @DeleteMapping("/v1/holds/{hold}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void release(HttpServletRequest request, @PathVariable String hold, @RequestParam String reason) {
        String actor = peers.require(request, Door.AUDIT_HOLD_RELEASE).toString();
        if (!RootEntry.isHold(hold)) {
            throw new ProblemException(Problem.MALFORMED);
        }
        String why = reason(reason);
        change(() -> retention.release(hold, () -> record(new LegalHoldReleased(actor, hold, why))));
    }

    private static String reason(@Nullable String reason) {
        if (reason == null || reason.isBlank() || reason.length() > LONGEST_REASON) {
            throw new ProblemException(Problem.MALFORMED);
        }
        return reason;
    }

    private interface Change {
        void make() throws HoldRefused, IOException;
    }

    private static void change(Change change) {
        try {
            change.make();
        } catch (HoldRefused refused) {
            throw new ProblemException(
                    switch (refused.reason()) {
                        case UNKNOWN -> Problem.NOT_FOUND;
                        case EXISTS -> EXISTS;
                        case GONE -> GONE;
                        case TOO_MANY -> TOO_MANY;
                    });
        } catch (IOException _) {
            throw new ProblemException(Problem.UNAVAILABLE);
        }
    }

    private void record(AuditEvent event) {
        try {
            audit.record(event);
        } catch (AuditUnavailable _) {
            throw new ProblemException(Problem.AUDIT_UNAVAILABLE);
        }
    }
}

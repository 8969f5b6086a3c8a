package dev.postern.auditing.index;

import dev.postern.audit.AdminChanged;
import dev.postern.audit.AuditUnavailable;
import dev.postern.audit.DurableRecord;
import dev.postern.chassis.peer.Door;
import dev.postern.chassis.peer.PeerIdentities;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/// `POST` and `GET /v1/index/rebuild`: the operator's proof that the index holds what the log says. The running service
/// does it, because only it has the days' keys.
@RestController
final class RebuildController {
    private static final Problem RUNNING =
            new Problem(409, "rebuild-running", "One is under way: GET /v1/index/rebuild tells how far it is.");

    private final IndexRebuild rebuild;
    private final PeerIdentities peers;
    private final DurableRecord audit;

    RebuildController(IndexRebuild rebuild, PeerIdentities peers, DurableRecord audit) {
        this.rebuild = rebuild;
        this.peers = peers;
        this.audit = audit;
    }

    /// Begins one. On record before it begins.
    @PostMapping("/v1/index/rebuild")
    @ResponseStatus(HttpStatus.ACCEPTED)
    RebuildReport begin(HttpServletRequest request) {
        String actor = peers.require(request, Door.AUDIT_INDEX_REBUILD).toString();
        try {
            audit.record(new AdminChanged(actor, "index-rebuild-requested", "audit-index", "all"));
        } catch (AuditUnavailable _) {
            throw new ProblemException(Problem.AUDIT_UNAVAILABLE);
        }
        if (!rebuild.start()) {
            throw new ProblemException(RUNNING);
        }
        return rebuild.report();
    }

    @GetMapping("/v1/index/rebuild")
    RebuildReport report(HttpServletRequest request) {
        var _ = peers.require(request, Door.AUDIT_INDEX_REPORT);
        return rebuild.report();
    }
}

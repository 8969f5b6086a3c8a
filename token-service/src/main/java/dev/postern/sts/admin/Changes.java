package dev.postern.sts.admin;

import dev.postern.audit.AdminChanged;
import dev.postern.audit.ApprovalDecided;
import dev.postern.audit.ApprovalRequested;
import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditTrail;
import dev.postern.audit.AuditUnavailable;
import dev.postern.chassis.person.Person;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.sts.approval.Approval;
import dev.postern.sts.approval.Approval.State;
import dev.postern.sts.approval.Approvals;
import dev.postern.sts.document.Documents;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/// The one way a change of the rules takes: check it, let it wait for a second person where that is demanded, put it on
/// record, make it.
///
/// Guarantee: nothing happens that is not on record before. Non-guarantee: a recorded change can fail to happen - the
/// database is away, or somebody else changed the same thing meanwhile - and its caller then learns so.
final class Changes {

    private static final Problem OWN_APPROVAL = new Problem(
            403, "second-person-required", "Another person than the one who asked must decide on this change.");
    private static final Problem ALREADY_DECIDED =
            new Problem(409, "already-decided", "This change was decided on or its time is over: ask for it again.");

    private final List<ChangeHandler> handlers;
    private final Recourse recourse;
    private final Approvals approvals;
    private final Set<ApprovalArea> areas;
    private final AuditTrail trail;
    private final MeterRegistry metrics;

    Changes(
            List<ChangeHandler> handlers,
            Recourse recourse,
            Approvals approvals,
            Set<ApprovalArea> areas,
            AuditTrail trail,
            MeterRegistry metrics) {
        this.handlers = List.copyOf(handlers);
        this.recourse = recourse;
        this.approvals = approvals;
        this.areas = Set.copyOf(areas);
        this.trail = trail;
        this.metrics = metrics;
    }

    /// Makes the change, or puts it down for a second person (202).
    Answer submit(AdminCaller caller, Change change) {
        Prepared prepared = prepare(change, caller);
        if (prepared.area().filter(areas::contains).isPresent()) {
            return request(caller, change, prepared);
        }
        return make(caller.actor(), change, prepared);
    }

    private Answer request(AdminCaller caller, Change change, Prepared prepared) {
        Approval approval = approvals.draft(
                change.kind(),
                change.resourceId(),
                change.expected(),
                change.document().toString(),
                caller.person());
        record(new ApprovalRequested(
                approval.id(), caller.actor(), prepared.action(), prepared.resource(), change.resourceId()));
        approvals.add(approval);
        count(prepared, "approval-requested");
        return new Answer(202, ApprovalView.of(approval), OptionalLong.empty());
    }

    private Answer make(String actor, Change change, Prepared prepared) {
        record(new AdminChanged(actor, prepared.action(), prepared.resource(), change.resourceId()));
        Answer answer = prepared.effect().apply(actor);
        count(prepared, "made");
        return answer;
    }

    /// Makes a change that waited, on behalf of the one who asked. It is checked again: what it was decided on may have
    /// changed since, and then it goes on waiting. So it does when it cannot be made for another reason.
    Answer approve(AdminCaller caller, String approvalId) {
        Approval approval = pending(caller, approvalId);
        Change change = new Change(
                approval.kind(),
                approval.resourceId(),
                approval.expected(),
                Documents.JSON.readTree(approval.document()));
        Prepared prepared = prepare(change, caller);
        decide(caller, approval, State.APPROVED);
        Answer made;
        try {
            made = make(approval.requester().actor(), change, prepared);
        } catch (RuntimeException e) {
            approvals.reopen(approvalId);
            throw e;
        }
        Approval decided = approvals.find(approvalId).orElse(approval);
        return Answer.ok(ApprovalView.of(decided, made));
    }

    Answer reject(AdminCaller caller, String approvalId) {
        Approval approval = pending(caller, approvalId);
        decide(caller, approval, State.REJECTED);
        return Answer.ok(ApprovalView.of(approvals.find(approvalId).orElse(approval)));
    }

    private Approval pending(AdminCaller caller, String approvalId) {
        Approval approval = approvals.find(approvalId).orElseThrow(() -> new ProblemException(Problem.NOT_FOUND));
        if (approval.state() != State.PENDING) {
            throw new ProblemException(ALREADY_DECIDED);
        }
        if (approval.requester().isSameAs(caller.person())) {
            throw new ProblemException(OWN_APPROVAL);
        }
        return approval;
    }

    private void decide(AdminCaller caller, Approval approval, State decision) {
        Person decider = caller.person();
        record(new ApprovalDecided(
                approval.id(), decider.actor(), approval.requester().actor(), decision.wireName()));
        if (!approvals.decide(approval.id(), decision, decider)) {
            throw new ProblemException(ALREADY_DECIDED);
        }
    }

    private Prepared prepare(Change change, AdminCaller caller) {
        Prepared prepared = handlers.stream()
                .filter(handler -> handler.handles(change.kind()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nobody knows changes of the kind " + change.kind()))
                .prepare(change);
        prepared.policy().ifPresent(policy -> recourse.require(policy, caller));
        return prepared;
    }

    private void record(AuditEvent event) {
        try {
            trail.recordDurably(event);
        } catch (AuditUnavailable _) {
            throw new ProblemException(Problem.AUDIT_UNAVAILABLE);
        }
    }

    private void count(Prepared prepared, String outcome) {
        metrics.counter("postern.admin.changes", "resource", prepared.resource(), "outcome", outcome)
                .increment();
    }
}

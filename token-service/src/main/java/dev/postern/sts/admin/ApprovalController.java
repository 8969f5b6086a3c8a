package dev.postern.sts.admin;

import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.sts.approval.Approval;
import dev.postern.sts.approval.Approvals;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/// Changes that wait for a second person.
@RestController
final class ApprovalController {

    private final Approvals approvals;
    private final Changes changes;
    private final Idempotency idempotency;

    ApprovalController(Approvals approvals, Changes changes, Idempotency idempotency) {
        this.approvals = approvals;
        this.changes = changes;
        this.idempotency = idempotency;
    }

    @GetMapping("/admin/v1/approvals")
    @Requires(AdminScope.READ)
    ResponseEntity<Map<String, Object>> list(HttpServletRequest request) {
        Page page = Page.of(request);
        return Answer.ok(page.answer(approvals.list(page.after(), page.wanted()), Approval::id, ApprovalView::of))
                .response();
    }

    @GetMapping("/admin/v1/approvals/{id}")
    @Requires(AdminScope.READ)
    ResponseEntity<Map<String, Object>> get(@PathVariable String id) {
        return Answer.ok(ApprovalView.of(approvals.find(id).orElseThrow(() -> new ProblemException(Problem.NOT_FOUND))))
                .response();
    }

    @PostMapping("/admin/v1/approvals/{id}/approve")
    @Requires(AdminScope.APPROVE)
    ResponseEntity<Map<String, Object>> approve(
            AdminCaller caller, @PathVariable String id, HttpServletRequest request) {
        return idempotency
                .once(request, caller, "", () -> changes.approve(caller, id))
                .response();
    }

    @PostMapping("/admin/v1/approvals/{id}/reject")
    @Requires(AdminScope.APPROVE)
    ResponseEntity<Map<String, Object>> reject(
            AdminCaller caller, @PathVariable String id, HttpServletRequest request) {
        return idempotency
                .once(request, caller, "", () -> changes.reject(caller, id))
                .response();
    }
}

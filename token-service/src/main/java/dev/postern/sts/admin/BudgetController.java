package dev.postern.sts.admin;

import dev.postern.chassis.problem.Preconditions;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.policy.Limit;
import dev.postern.sts.document.Documents;
import dev.postern.sts.policy.PoliciesInForce;
import dev.postern.sts.policy.PoliciesInForce.InForce;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/// The budgets - limits - of the policy in force.
@RestController
final class BudgetController {

    private final PoliciesInForce policies;
    private final Changes changes;

    BudgetController(PoliciesInForce policies, Changes changes) {
        this.policies = policies;
        this.changes = changes;
    }

    @GetMapping("/admin/v1/budgets")
    @Requires(AdminScope.READ)
    ResponseEntity<Map<String, Object>> list(HttpServletRequest request) {
        Page page = Page.of(request);
        InForce policy = policies.inForce();
        long epoch = policy.version().epoch();
        List<Limit> found = policy.set().limits().stream()
                .filter(limit -> limit.id().compareTo(page.after()) > 0)
                .sorted(Comparator.comparing(Limit::id))
                .limit(page.wanted())
                .toList();
        return Answer.ok(page.answer(found, Limit::id, limit -> BudgetChanges.view(limit, epoch)), epoch)
                .response();
    }

    @GetMapping("/admin/v1/budgets/{id}")
    @Requires(AdminScope.READ)
    ResponseEntity<Map<String, Object>> get(@PathVariable String id) {
        InForce policy = policies.inForce();
        long epoch = policy.version().epoch();
        Limit limit = BudgetChanges.find(policy, id).orElseThrow(() -> new ProblemException(Problem.NOT_FOUND));
        return Answer.ok(BudgetChanges.view(limit, epoch), epoch).response();
    }

    @PutMapping("/admin/v1/budgets/{id}")
    @Requires(AdminScope.POLICIES)
    ResponseEntity<Map<String, Object>> put(AdminCaller caller, @PathVariable String id, HttpServletRequest request) {
        long expected = Preconditions.expected(request);
        return changes.submit(caller, new Change(BudgetChanges.PUT, id, expected, Documents.read(request)))
                .response();
    }

    @DeleteMapping("/admin/v1/budgets/{id}")
    @Requires(AdminScope.POLICIES)
    ResponseEntity<Map<String, Object>> remove(
            AdminCaller caller, @PathVariable String id, HttpServletRequest request) {
        long expected = Preconditions.expected(request);
        return changes.submit(caller, new Change(BudgetChanges.DELETE, id, expected, Documents.JSON.createObjectNode()))
                .response();
    }
}

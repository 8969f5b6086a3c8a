package dev.postern.sts.admin;

import dev.postern.chassis.problem.Preconditions;
import dev.postern.policy.Role;
import dev.postern.sts.document.Documents;
import dev.postern.sts.policy.PoliciesInForce;
import dev.postern.sts.policy.PoliciesInForce.InForce;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/// The roles of the policy in force.
@RestController
final class RoleController {

    private final PoliciesInForce policies;
    private final Changes changes;

    RoleController(PoliciesInForce policies, Changes changes) {
        this.policies = policies;
        this.changes = changes;
    }

    @GetMapping("/admin/v1/roles")
    @Requires(AdminScope.READ)
    ResponseEntity<Map<String, Object>> list(HttpServletRequest request) {
        Page page = Page.of(request);
        InForce policy = policies.inForce();
        List<Map.Entry<String, Role>> found = policy.set().roles().entrySet().stream()
                .filter(role -> role.getKey().compareTo(page.after()) > 0)
                .limit(page.wanted())
                .toList();
        return Answer.ok(
                        page.answer(
                                found,
                                Map.Entry::getKey,
                                role -> RoleChanges.view(
                                        role.getKey(),
                                        role.getValue(),
                                        policy.version().epoch())),
                        policy.version().epoch())
                .response();
    }

    @GetMapping("/admin/v1/roles/{name}")
    @Requires(AdminScope.READ)
    ResponseEntity<Map<String, Object>> get(@PathVariable String name) {
        InForce policy = policies.inForce();
        long epoch = policy.version().epoch();
        return Answer.ok(RoleChanges.view(name, RoleChanges.role(policy, name), epoch), epoch)
                .response();
    }

    @PutMapping("/admin/v1/roles/{name}")
    @Requires(AdminScope.POLICIES)
    ResponseEntity<Map<String, Object>> put(AdminCaller caller, @PathVariable String name, HttpServletRequest request) {
        long expected = Preconditions.expected(request);
        return changes.submit(caller, new Change(RoleChanges.PUT, name, expected, Documents.read(request)))
                .response();
    }

    @DeleteMapping("/admin/v1/roles/{name}")
    @Requires(AdminScope.POLICIES)
    ResponseEntity<Map<String, Object>> remove(
            AdminCaller caller, @PathVariable String name, HttpServletRequest request) {
        long expected = Preconditions.expected(request);
        return changes.submit(caller, new Change(RoleChanges.DELETE, name, expected, Documents.JSON.createObjectNode()))
                .response();
    }
}

package dev.postern.sts.admin;

import dev.postern.chassis.problem.Preconditions;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.sts.document.Documents;
import dev.postern.sts.issuer.ForeignIssuer;
import dev.postern.sts.issuer.IssuerStore;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/// The foreign issuers whose tokens may be exchanged.
@RestController
final class IssuerController {

    private final IssuerStore issuers;
    private final Changes changes;

    IssuerController(IssuerStore issuers, Changes changes) {
        this.issuers = issuers;
        this.changes = changes;
    }

    @GetMapping("/admin/v1/issuers")
    @Requires(AdminScope.READ)
    ResponseEntity<Map<String, Object>> list(HttpServletRequest request) {
        Page page = Page.of(request);
        return Answer.ok(page.answer(
                        issuers.list(page.after(), page.wanted()), ForeignIssuer::name, ForeignIssuer::toMembers))
                .response();
    }

    @GetMapping("/admin/v1/issuers/{name}")
    @Requires(AdminScope.READ)
    ResponseEntity<Map<String, Object>> get(@PathVariable String name) {
        ForeignIssuer issuer = issuers.find(name).orElseThrow(() -> new ProblemException(Problem.NOT_FOUND));
        return Answer.ok(issuer.toMembers(), issuer.version()).response();
    }

    @PutMapping("/admin/v1/issuers/{name}")
    @Requires(AdminScope.CLIENTS)
    ResponseEntity<Map<String, Object>> put(AdminCaller caller, @PathVariable String name, HttpServletRequest request) {
        long expected = Preconditions.expected(request);
        return changes.submit(caller, new Change(IssuerChanges.PUT, name, expected, Documents.read(request)))
                .response();
    }

    @DeleteMapping("/admin/v1/issuers/{name}")
    @Requires(AdminScope.CLIENTS)
    ResponseEntity<Map<String, Object>> remove(
            AdminCaller caller, @PathVariable String name, HttpServletRequest request) {
        long expected = Preconditions.expected(request);
        return changes.submit(
                        caller, new Change(IssuerChanges.DELETE, name, expected, Documents.JSON.createObjectNode()))
                .response();
    }
}

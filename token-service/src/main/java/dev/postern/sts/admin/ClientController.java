package dev.postern.sts.admin;

import dev.postern.chassis.problem.Preconditions;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.sts.client.ClientDocument;
import dev.postern.sts.client.ClientRegistration;
import dev.postern.sts.client.ClientRegistry;
import dev.postern.sts.document.Documents;
import dev.postern.sts.policy.PoliciesInForce;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/// Clients, their keys, and what they may do in the end.
@RestController
final class ClientController {

    private final ClientRegistry registry;
    private final PoliciesInForce policies;
    private final Changes changes;

    ClientController(ClientRegistry registry, PoliciesInForce policies, Changes changes) {
        this.registry = registry;
        this.policies = policies;
        this.changes = changes;
    }

    @GetMapping("/admin/v1/clients")
    @Requires(AdminScope.READ)
    ResponseEntity<Map<String, Object>> list(HttpServletRequest request) {
        Page page = Page.of(request);
        List<ClientRegistration> found = new ArrayList<>(registry.page(behind(page.after()), page.limit()));
        if (found.size() == page.limit()) {
            // Whether there is a next page.
            found.addAll(registry.page(behind(found.getLast().clientId()), 1));
        }
        return Answer.ok(page.answer(found, ClientRegistration::clientId, ClientDocument::of))
                .response();
    }

    private static Optional<String> behind(String name) {
        return name.isEmpty() ? Optional.empty() : Optional.of(name);
    }

    @GetMapping("/admin/v1/clients/{id}")
    @Requires(AdminScope.READ)
    ResponseEntity<Map<String, Object>> get(@PathVariable String id) {
        ClientRegistration client = find(id);
        return Answer.ok(ClientDocument.of(client), client.version()).response();
    }

    @PutMapping("/admin/v1/clients/{id}")
    @Requires(AdminScope.CLIENTS)
    ResponseEntity<Map<String, Object>> put(AdminCaller caller, @PathVariable String id, HttpServletRequest request) {
        long expected = Preconditions.expected(request);
        return changes.submit(caller, new Change(ClientChanges.PUT, id, expected, Documents.read(request)))
                .response();
    }

    @DeleteMapping("/admin/v1/clients/{id}")
    @Requires(AdminScope.CLIENTS)
    ResponseEntity<Map<String, Object>> remove(
            AdminCaller caller, @PathVariable String id, HttpServletRequest request) {
        long expected = Preconditions.expected(request);
        return changes.submit(caller, new Change(ClientChanges.DELETE, id, expected, Documents.JSON.createObjectNode()))
                .response();
    }

    @GetMapping("/admin/v1/clients/{id}/keys")
    @Requires(AdminScope.READ)
    ResponseEntity<Map<String, Object>> keys(@PathVariable String id) {
        ClientRegistration client = find(id);
        Map<String, Object> document = ClientDocument.of(client);
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("auth", client.proof().method());
        for (String member : new String[] {"jwks", "certificate"}) {
            Object value = document.get(member);
            if (value != null) {
                keys.put(member, value);
            }
        }
        return Answer.ok(keys, client.version()).response();
    }

    @PutMapping("/admin/v1/clients/{id}/keys")
    @Requires(AdminScope.CLIENTS)
    ResponseEntity<Map<String, Object>> putKeys(
            AdminCaller caller, @PathVariable String id, HttpServletRequest request) {
        long expected = Preconditions.expected(request);
        if (expected == Preconditions.ABSENT) {
            throw new ProblemException(Problem.PRECONDITION_FAILED);
        }
        return changes.submit(caller, new Change(ClientChanges.KEYS, id, expected, Documents.read(request)))
                .response();
    }

    @GetMapping("/admin/v1/clients/{id}/effective")
    @Requires(AdminScope.READ)
    ResponseEntity<Map<String, Object>> effective(@PathVariable String id) {
        return Answer.ok(EffectivePermissions.of(find(id), policies.inForce())).response();
    }

    private ClientRegistration find(String id) {
        return registry.find(id).orElseThrow(() -> new ProblemException(Problem.NOT_FOUND));
    }
}

package dev.postern.sts.admin;

import dev.postern.chassis.problem.Preconditions;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.sts.admin.ScopeStore.Scope;
import dev.postern.sts.document.Documents;
import dev.postern.sts.document.Members;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;

/// The scopes that clients may be given.
@RestController
final class ScopeController {

    /// What is in order and how it looks.
    static final class Handler implements ChangeHandler {

        private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9:._-]{0,63}");
        private static final Pattern DESCRIPTION = Pattern.compile("[ -~]{1,256}");
        private static final Problem BUILT_IN =
                new Problem(409, "built-in", "The platform's own services look for this scope: it stays.");
        private static final Problem HELD =
                new Problem(409, "in-use", "Clients hold this scope: take it from them first.");
        private static final Problem RESERVED = new Problem(
                409, "reserved", "Scopes that begin with admin: or llm: are the platform's own: choose another name.");

        private final ScopeStore scopes;

        Handler(ScopeStore scopes) {
            this.scopes = scopes;
        }

        @Override
        public boolean handles(String kind) {
            return kind.startsWith("scope-");
        }

        @Override
        public Prepared prepare(Change change) {
            String name = change.resourceId();
            Optional<Scope> before = scopes.find(name);
            Preconditions.require(change.expected(), before.map(Scope::version).orElse(Preconditions.ABSENT));
            return change.kind().equals("scope-delete") ? removal(name, before) : put(change, before.isPresent());
        }

        private Prepared put(Change change, boolean exists) {
            String name = change.resourceId();
            if (!NAME.matcher(name).matches()) {
                throw new ProblemException(Problem.NOT_FOUND);
            }
            if (!exists && (name.startsWith("admin:") || name.startsWith("llm:"))) {
                throw new ProblemException(RESERVED);
            }
            Members members = Members.of(change.document()).only("description");
            String description = members.text("description", DESCRIPTION, "Say in 1 to 256 characters what it allows.");
            members.refuseIfInvalid();
            return new Prepared(exists ? "scope-changed" : "scope-created", "scope", Optional.empty(), _ -> {
                if (!scopes.put(name, description, change.expected())) {
                    throw new ProblemException(Problem.PRECONDITION_FAILED);
                }
                Scope now = scopes.find(name).orElseThrow(() -> new ProblemException(Problem.CONFLICT));
                return Answer.written(change.expected(), view(now), now.version());
            });
        }

        private Prepared removal(String name, Optional<Scope> before) {
            if (before.filter(Scope::builtIn).isPresent()) {
                throw new ProblemException(BUILT_IN);
            }
            if (scopes.isHeld(name)) {
                throw new ProblemException(HELD);
            }
            long version = before.map(Scope::version).orElse(Preconditions.ABSENT);
            return new Prepared("scope-removed", "scope", Optional.empty(), _ -> {
                if (!scopes.remove(name, version)) {
                    throw new ProblemException(Problem.PRECONDITION_FAILED);
                }
                return Answer.none();
            });
        }
    }

    private final ScopeStore scopes;
    private final Changes changes;

    ScopeController(ScopeStore scopes, Changes changes) {
        this.scopes = scopes;
        this.changes = changes;
    }

    @GetMapping("/admin/v1/scopes")
    @Requires(AdminScope.READ)
    ResponseEntity<Map<String, Object>> list(HttpServletRequest request) {
        Page page = Page.of(request);
        return Answer.ok(page.answer(scopes.list(page.after(), page.wanted()), Scope::name, ScopeController::view))
                .response();
    }

    @GetMapping("/admin/v1/scopes/{name}")
    @Requires(AdminScope.READ)
    ResponseEntity<Map<String, Object>> get(@PathVariable String name) {
        Scope scope = scopes.find(name).orElseThrow(() -> new ProblemException(Problem.NOT_FOUND));
        return Answer.ok(view(scope), scope.version()).response();
    }

    @PutMapping("/admin/v1/scopes/{name}")
    @Requires(AdminScope.CLIENTS)
    ResponseEntity<Map<String, Object>> put(AdminCaller caller, @PathVariable String name, HttpServletRequest request) {
        long expected = Preconditions.expected(request);
        return changes.submit(caller, new Change("scope-put", name, expected, Documents.read(request)))
                .response();
    }

    @DeleteMapping("/admin/v1/scopes/{name}")
    @Requires(AdminScope.CLIENTS)
    ResponseEntity<Map<String, Object>> remove(
            AdminCaller caller, @PathVariable String name, HttpServletRequest request) {
        long expected = Preconditions.expected(request);
        return changes.submit(caller, new Change("scope-delete", name, expected, Documents.JSON.createObjectNode()))
                .response();
    }

    static Map<String, Object> view(Scope scope) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("name", scope.name());
        view.put("description", scope.description());
        view.put("built_in", scope.builtIn());
        view.put("version", scope.version());
        return view;
    }
}

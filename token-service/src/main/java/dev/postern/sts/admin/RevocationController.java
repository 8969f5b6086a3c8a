package dev.postern.sts.admin;

import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.sts.document.Documents;
import dev.postern.sts.document.Members;
import dev.postern.sts.revocation.IssuedRevocation;
import dev.postern.sts.revocation.RevocationStore;
import dev.postern.sts.revocation.Revocations;
import dev.postern.sts.revocation.Revocations.Revoked;
import dev.postern.trust.Revocation.Kind;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/// Takes trust back. There is no way to give it back: what was revoked proves itself again.
@RestController
final class RevocationController {

    private static final Map<String, Kind> KINDS = kinds();
    private static final Pattern VALUE = Pattern.compile("[!-~]{1,256}");
    private static final Pattern REASON = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");

    private final RevocationStore store;
    private final Revocations revocations;
    private final Idempotency idempotency;

    RevocationController(RevocationStore store, Revocations revocations, Idempotency idempotency) {
        this.store = store;
        this.revocations = revocations;
        this.idempotency = idempotency;
    }

    private static Map<String, Kind> kinds() {
        Map<String, Kind> kinds = new LinkedHashMap<>();
        for (Kind kind : Kind.values()) {
            kinds.put(kind.wireName(), kind);
        }
        return kinds;
    }

    @GetMapping("/admin/v1/revocations")
    @Requires(AdminScope.READ)
    ResponseEntity<Map<String, Object>> list(HttpServletRequest request) {
        Page page = Page.of(request);
        return Answer.ok(page.answer(
                        store.list(page.after(), page.wanted()), IssuedRevocation::id, RevocationController::view))
                .response();
    }

    @GetMapping("/admin/v1/revocations/{id}")
    @Requires(AdminScope.READ)
    ResponseEntity<Map<String, Object>> get(@PathVariable String id) {
        return Answer.ok(view(store.find(id).orElseThrow(() -> new ProblemException(Problem.NOT_FOUND))))
                .response();
    }

    @PostMapping("/admin/v1/revocations")
    @Requires(AdminScope.REVOKE)
    ResponseEntity<Map<String, Object>> revoke(AdminCaller caller, HttpServletRequest request) {
        JsonNode document = Documents.read(request);
        Members members = Members.of(document).only("kind", "value", "reason");
        Kind kind = members.choice("kind", KINDS).orElse(Kind.TOKEN);
        String value = members.text("value", VALUE, "Give what is revoked: 1 to 256 printable characters, no space.");
        String reason =
                members.text("reason", REASON, "Give a code such as key-lost: lower-case letters, digits and hyphens.");
        members.refuseIfInvalid();
        return idempotency
                .once(request, caller, document.toString(), () -> {
                    Revoked revoked = revocations.revoke(kind, value, reason, caller.actor());
                    return new Answer(201, view(revoked), OptionalLong.empty());
                })
                .response();
    }

    static Map<String, Object> view(Revoked revoked) {
        Map<String, Object> view = view(revoked.issued());
        view.put("on_feed", revoked.onFeed());
        return view;
    }

    private static Map<String, Object> view(IssuedRevocation issued) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", issued.id());
        view.put("kind", issued.revocation().kind().wireName());
        view.put("value", issued.revocation().value());
        view.put("reason", issued.revocation().reason());
        view.put("at", issued.revocation().at().toString());
        view.put("until", issued.revocation().until().toString());
        view.put("by", issued.actor());
        return view;
    }
}

package dev.postern.sts.admin;

import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.sts.revocation.Revocations;
import dev.postern.sts.session.LiveSession;
import dev.postern.sts.session.LiveSessions;
import dev.postern.trust.Revocation.Kind;
import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/// What runs now. Ending a session revokes it: every stream of it ends, and none of its tokens opens another.
@RestController
final class SessionController {

    private static final Pattern SID = Pattern.compile("[!-~]{1,256}");

    private final LiveSessions sessions;
    private final Revocations revocations;

    SessionController(LiveSessions sessions, Revocations revocations) {
        this.sessions = sessions;
        this.revocations = revocations;
    }

    @GetMapping("/admin/v1/sessions")
    @Requires(AdminScope.READ)
    ResponseEntity<Map<String, Object>> list(HttpServletRequest request) {
        Page page = Page.of(request, "client", "tenant");
        Predicate<LiveSession> wanted = filter(request.getParameter("client"), LiveSession::client);
        wanted = wanted.and(filter(request.getParameter("tenant"), LiveSession::tenant));
        LiveSessions.View live = live();
        List<LiveSession> found = live.sessions().stream()
                .filter(wanted)
                .filter(session -> session.key().compareTo(page.after()) > 0)
                .limit(page.wanted())
                .toList();
        Map<String, Object> answer = page.answer(found, LiveSession::key, LiveSession::view);
        answer.put("complete", live.complete());
        return Answer.ok(answer).response();
    }

    private static Predicate<LiveSession> filter(
            @Nullable String value, java.util.function.Function<LiveSession, String> member) {
        return session -> value == null || value.equals(member.apply(session));
    }

    @GetMapping("/admin/v1/sessions/{sid}")
    @Requires(AdminScope.READ)
    ResponseEntity<Map<String, Object>> get(@PathVariable String sid) {
        List<LiveSession> parts = live().sessions().stream()
                .filter(session -> session.sessionId().equals(sid))
                .toList();
        if (parts.isEmpty()) {
            throw new ProblemException(Problem.NOT_FOUND);
        }
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("sid", sid);
        view.put("client", parts.getFirst().client());
        view.put("tenant", parts.getFirst().tenant());
        view.put("subject", parts.getFirst().subject());
        view.put("parts", parts.stream().map(LiveSession::view).toList());
        return Answer.ok(view).response();
    }

    /// Takes any session id: what runs is a view, and a session must be endable while Redis is away.
    @DeleteMapping("/admin/v1/sessions/{sid}")
    @Requires(AdminScope.REVOKE)
    ResponseEntity<Map<String, Object>> kill(AdminCaller caller, @PathVariable String sid) {
        if (!SID.matcher(sid).matches()) {
            throw new ProblemException(Problem.NOT_FOUND);
        }
        return Answer.ok(RevocationController.view(
                        revocations.revoke(Kind.SESSION, sid, "session-killed", caller.actor())))
                .response();
    }

    private LiveSessions.View live() {
        try {
            return sessions.read();
        } catch (LiveSessions.Unavailable _) {
            throw new ProblemException(Problem.UNAVAILABLE, Map.of("Retry-After", "1"));
        }
    }
}

package dev.postern.auditing.archive;

import dev.postern.audit.AuditEvent;
import dev.postern.audit.RequestRejected;
import dev.postern.chassis.bearer.AccessTokens;
import dev.postern.chassis.bearer.RejectedRequests;
import dev.postern.chassis.person.Person;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.token.AccessToken;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.function.Consumer;

/// Who asks for captured bodies and who decides: persons with a token of scope `audit:read`, all of them, because a
/// certificate says nothing about who else its holder is. Default deny; whoever is refused is put on record.
final class ArchiveAccess {
    static final String SCOPE = "audit:read";

    private static final int FORBIDDEN = 403;

    private final Optional<AccessTokens> tokens;
    private final Consumer<AuditEvent> audit;

    ArchiveAccess(Optional<AccessTokens> tokens, Consumer<AuditEvent> audit) {
        this.tokens = tokens;
        this.audit = audit;
    }

    /// What somebody may or may not do.
    @FunctionalInterface
    interface Action<T> {
        T by(Person person);
    }

    /// Does it for who is calling.
    ///
    /// @param operation for the audit log, when they are refused
    <T> T admit(HttpServletRequest request, String operation, Action<T> action) {
        Person person;
        try {
            AccessToken token = tokens.orElseThrow(() -> new ProblemException(Problem.TOKEN_REQUIRED))
                    .require(request, SCOPE);
            person = Person.byToken(token.clientId(), token.subject());
        } catch (ProblemException refusal) {
            audit.accept(RejectedRequests.of(operation, Optional.empty(), refusal.problem()));
            throw refusal;
        }
        try {
            return action.by(person);
        } catch (ProblemException refusal) {
            if (refusal.problem().status() == FORBIDDEN) {
                audit.accept(new RequestRejected(
                        refusal.problem().code(),
                        operation,
                        Optional.of(person.actor()),
                        Optional.empty(),
                        Optional.empty(),
                        FORBIDDEN,
                        1));
            }
            throw refusal;
        }
    }
}

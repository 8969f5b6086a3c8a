package dev.postern.redacting.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.postern.audit.AuditUnavailable;
import dev.postern.chassis.problem.InvalidMember;
import dev.postern.chassis.problem.Preconditions;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.kms.KeyManagementException;
import dev.postern.redact.policy.PolicyRejected;
import dev.postern.redacting.policy.PoliciesInForce;
import dev.postern.redacting.policy.PoliciesInForce.Outcome;
import dev.postern.redacting.policy.PolicyProperties;
import dev.postern.redacting.policy.StoredPolicy;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.Supplier;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `GET`, `PUT` and `DELETE /v1/policies`: the policy of the caller's own tenant, and of no other.
@RestController
final class PolicyEndpoints {
    static final String SCOPE = "redaction:policies";

    private static final Problem NO_ROOM = new Problem(
            507,
            "policies-full",
            "The policies of all tenants together would be larger than what is kept of them: shorten yours, or have the"
                    + " operator make room.");

    private final PoliciesInForce policies;
    private final CallerGate gate;
    private final JsonMapper json;
    private final PolicyProperties limits;

    PolicyEndpoints(PoliciesInForce policies, CallerGate gate, JsonMapper json, PolicyProperties limits) {
        this.policies = policies;
        this.gate = gate;
        this.json = json;
        this.limits = limits;
    }

    /// @param digest what the audit log says of it: SHA-256 of salt and compact JSON, base64url
    record PolicyView(
            long version,
            String author,
            @JsonProperty("published_at") Instant publishedAt,
            String salt,
            String digest,
            JsonNode policy) {
        @Override
        public String toString() {
            return "PolicyView[" + version + "]";
        }
    }

    @GetMapping("/v1/policies")
    ResponseEntity<PolicyView> get(HttpServletRequest request) {
        return gate.serve(request, SCOPE, token -> {
            StoredPolicy kept = readable(() -> policies.kept(token.tenant()))
                    .orElseThrow(() -> new ProblemException(Problem.NOT_FOUND));
            return view(200, kept);
        });
    }

    /// In the place of the version that `If-Match` names, or as the first with `If-None-Match: *`.
    @PutMapping("/v1/policies")
    ResponseEntity<PolicyView> put(HttpServletRequest request) {
        return gate.serve(request, SCOPE, token -> {
            long expected = Preconditions.expected(request);
            String document =
                    document(Bodies.object(request, limits.largestDocument().toBytes()));
            return changed(expected, () -> policies.publish(token.tenant(), expected, document, token.clientId()));
        });
    }

    /// Takes back the version that `If-Match` names: what the rule packs say counts again.
    @DeleteMapping("/v1/policies")
    ResponseEntity<PolicyView> delete(HttpServletRequest request) {
        return gate.serve(request, SCOPE, token -> {
            long expected = Preconditions.expected(request);
            if (expected == Preconditions.ABSENT) {
                throw new ProblemException(Problem.MALFORMED);
            }
            return changed(expected, () -> policies.withdraw(token.tenant(), expected, token.clientId()));
        });
    }

    /// Compact, and with escapes for what UTF-8 cannot say: what is kept, digested and read again is the same.
    private String document(JsonNode policy) {
        return new String(json.writeValueAsBytes(policy), StandardCharsets.UTF_8);
    }

    private interface Change {
        Outcome make() throws PolicyRejected, AuditUnavailable;
    }

    private ResponseEntity<PolicyView> changed(long expected, Change change) {
        return switch (readable(() -> outcome(change))) {
            case Outcome.Published(StoredPolicy policy) -> view(expected == Preconditions.ABSENT ? 201 : 200, policy);
            case Outcome.Withdrawn _ -> ResponseEntity.noContent().build();
            case Outcome.Overtaken(long version) -> {
                Preconditions.require(expected, version);
                throw new ProblemException(Problem.PRECONDITION_FAILED);
            }
            case Outcome.NoRoom _ -> throw new ProblemException(NO_ROOM);
        };
    }

    private static Outcome outcome(Change change) {
        try {
            return change.make();
        } catch (PolicyRejected rejected) {
            throw invalid(rejected, "");
        } catch (AuditUnavailable _) {
            throw new ProblemException(Problem.AUDIT_UNAVAILABLE);
        }
    }

    /// @param within where the policy stands in what the caller sent
    static ProblemException invalid(PolicyRejected rejected, String within) {
        return new ProblemException(
                Problem.INVALID,
                rejected.problems().stream()
                        .map(problem -> new InvalidMember(within + problem.pointer(), problem.sentence()))
                        .toList());
    }

    private static <T> T readable(Supplier<T> call) {
        try {
            return call.get();
        } catch (KeyManagementException | IllegalStateException _) {
            throw new ProblemException(Problem.UNAVAILABLE);
        }
    }

    private ResponseEntity<PolicyView> view(int status, StoredPolicy policy) {
        return ResponseEntity.status(status)
                .eTag(Preconditions.tag(policy.version()))
                .cacheControl(CacheControl.noStore())
                .body(new PolicyView(
                        policy.version(),
                        policy.author(),
                        policy.publishedAt(),
                        policy.salt(),
                        policy.digest(),
                        json.readTree(policy.document())));
    }
}

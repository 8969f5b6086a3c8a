package dev.postern.sts.admin;

import dev.postern.chassis.problem.InvalidMember;
import dev.postern.chassis.problem.Preconditions;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.policy.CompiledPolicy;
import dev.postern.policy.Explanation;
import dev.postern.policy.Facts;
import dev.postern.policy.Phase;
import dev.postern.policy.PolicyRejected;
import dev.postern.policy.PolicySet;
import dev.postern.sts.document.Documents;
import dev.postern.sts.document.Members;
import dev.postern.sts.policy.PoliciesInForce;
import dev.postern.sts.policy.PoliciesInForce.InForce;
import dev.postern.sts.policy.PolicyStore;
import dev.postern.sts.policy.PolicyVersion;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/// Policy versions: publish, read, try.
@RestController
final class PolicyController {

    private static final Map<String, Phase> PHASES =
            Arrays.stream(Phase.values()).collect(Collectors.toUnmodifiableMap(Phase::wireName, Function.identity()));

    private final PoliciesInForce policies;
    private final PolicyStore store;
    private final Changes changes;
    private final Idempotency idempotency;

    PolicyController(PoliciesInForce policies, PolicyStore store, Changes changes, Idempotency idempotency) {
        this.policies = policies;
        this.store = store;
        this.changes = changes;
        this.idempotency = idempotency;
    }

    @GetMapping("/admin/v1/policies")
    @Requires(AdminScope.READ)
    ResponseEntity<Map<String, Object>> list(HttpServletRequest request) {
        Page page = Page.of(request);
        long before = page.after().isEmpty() ? Long.MAX_VALUE : epoch(page.after());
        return Answer.ok(page.answer(
                        store.list(before, page.wanted()),
                        version -> String.valueOf(version.epoch()),
                        PolicyController::summary))
                .response();
    }

    @GetMapping("/admin/v1/policies/current")
    @Requires(AdminScope.READ)
    ResponseEntity<Map<String, Object>> current() {
        return answer(policies.inForce());
    }

    @GetMapping("/admin/v1/policies/{version}")
    @Requires(AdminScope.READ)
    ResponseEntity<Map<String, Object>> get(@PathVariable String version) {
        return answer(policies.at(epoch(version)).orElseThrow(() -> new ProblemException(Problem.NOT_FOUND)));
    }

    /// In place of the version that `If-Match` names: there is one always, and who did not read it does not replace it.
    @PostMapping("/admin/v1/policies")
    @Requires(AdminScope.POLICIES)
    ResponseEntity<Map<String, Object>> publish(AdminCaller caller, HttpServletRequest request) {
        long expected = Preconditions.expected(request);
        JsonNode document = Documents.read(request);
        return idempotency
                .once(
                        request,
                        caller,
                        document.toString(),
                        () -> changes.submit(
                                caller,
                                new Change(PolicyChanges.PUBLISH, String.valueOf(expected + 1), expected, document)))
                .response();
    }

    /// Decides on facts without any effect: by the policy that is sent, or the one in force.
    @PostMapping("/admin/v1/policies/dry-run")
    @Requires(AdminScope.READ)
    ResponseEntity<Map<String, Object>> dryRun(HttpServletRequest request) {
        JsonNode document = Documents.read(request);
        Members members = Members.of(document).only("policy", "phase", "facts");
        Phase phase = members.choice("phase", PHASES).orElse(Phase.SESSION);
        if (members.object("facts").isEmpty()) {
            members.invalid("facts", "Give an object of facts; what is left out counts as unknown.");
        }
        if (members.has("policy")) {
            var _ = members.object("policy");
        }
        members.refuseIfInvalid();
        Facts facts = facts(document.path("facts").toString());
        InForce inForce = policies.inForce();
        CompiledPolicy policy = members.has("policy")
                ? compiled(PolicyText.read(document.path("policy").toString(), ""))
                : inForce.compiled();
        Explanation explanation = policy.explain(phase, facts);
        Map<String, Object> view = ExplanationView.of(explanation);
        if (!members.has("policy")) {
            view.put("policy_version", inForce.version().epoch());
        }
        return Answer.ok(view).response();
    }

    private static CompiledPolicy compiled(PolicySet set) {
        try {
            return CompiledPolicy.compile(set);
        } catch (PolicyRejected rejected) {
            throw PolicyText.refused(rejected, "");
        }
    }

    private static Facts facts(String json) {
        try {
            return Facts.parse(json);
        } catch (PolicyRejected rejected) {
            throw new ProblemException(
                    Problem.INVALID,
                    rejected.problems().stream()
                            .map(problem -> new InvalidMember("/facts" + problem.path(), problem.sentence()))
                            .toList());
        }
    }

    private static long epoch(String text) {
        if (!text.matches("[1-9][0-9]{0,17}")) {
            throw new ProblemException(Problem.NOT_FOUND);
        }
        return Long.parseLong(text);
    }

    private static ResponseEntity<Map<String, Object>> answer(InForce policy) {
        return Answer.ok(PolicyChanges.view(policy), policy.version().epoch()).response();
    }

    private static Map<String, Object> summary(PolicyVersion version) {
        return PolicyChanges.summary(
                version.epoch(),
                version.minimumEpoch(),
                version.author(),
                version.publishedAt().toString(),
                Documents.JSON.readTree(version.document()).path("description").stringValue(""));
    }
}

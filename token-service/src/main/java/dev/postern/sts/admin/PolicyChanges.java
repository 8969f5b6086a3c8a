package dev.postern.sts.admin;

import dev.postern.chassis.problem.InvalidMember;
import dev.postern.chassis.problem.Preconditions;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.policy.PolicyRejected;
import dev.postern.policy.PolicySet;
import dev.postern.sts.document.Documents;
import dev.postern.sts.policy.PoliciesInForce;
import dev.postern.sts.policy.PoliciesInForce.InForce;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// New policy versions: whole sets as they are sent.
final class PolicyChanges implements ChangeHandler {

    static final String PUBLISH = "policy-publish";

    private final PoliciesInForce policies;

    PolicyChanges(PoliciesInForce policies) {
        this.policies = policies;
    }

    @Override
    public boolean handles(String kind) {
        return kind.equals(PUBLISH);
    }

    @Override
    public Prepared prepare(Change change) {
        ObjectNode document = ((ObjectNode) change.document()).deepCopy();
        boolean demandNewTokens = demandsNewTokens(document.remove("minimum_epoch"));
        PolicySet set = PolicyText.read(document.toString(), "");
        return publication(
                policies,
                change.expected(),
                set,
                demandNewTokens,
                "policy-published",
                "policy",
                next -> new Answer(
                        201, view(next), OptionalLong.of(next.version().epoch())));
    }

    private static boolean demandsNewTokens(@org.jspecify.annotations.Nullable JsonNode minimum) {
        if (minimum != null && !minimum.stringValue("").equals("this")) {
            throw new ProblemException(
                    Problem.INVALID,
                    List.of(new InvalidMember(
                            "/minimum_epoch", "Give \"this\" to end all tokens issued before, or leave it out.")));
        }
        return minimum != null;
    }

    /// A publication of `set` in place of the version `after`.
    static Prepared publication(
            PoliciesInForce policies,
            long after,
            PolicySet set,
            boolean demandNewTokens,
            String action,
            String resource,
            Function<InForce, Answer> answer) {
        Preconditions.require(after, policies.inForce().version().epoch());
        return new Prepared(action, resource, Optional.of(ApprovalArea.POLICIES), Optional.of(set), actor -> {
            try {
                return answer.apply(policies.publish(after, set, demandNewTokens, actor)
                        .orElseThrow(() -> new ProblemException(Problem.PRECONDITION_FAILED)));
            } catch (PolicyRejected rejected) {
                throw PolicyText.refused(rejected, "");
            }
        });
    }

    static Map<String, Object> view(InForce policy) {
        Map<String, Object> view = summary(
                policy.version().epoch(),
                policy.version().minimumEpoch(),
                policy.version().author(),
                policy.version().publishedAt().toString(),
                policy.set().description());
        view.put("policy", Documents.JSON.readTree(policy.version().document()));
        return view;
    }

    static Map<String, Object> summary(
            long epoch, long minimumEpoch, String author, String publishedAt, String description) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("version", epoch);
        view.put("minimum_epoch", minimumEpoch);
        view.put("author", author);
        view.put("published_at", publishedAt);
        view.put("description", description);
        return view;
    }
}

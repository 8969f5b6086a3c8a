package dev.postern.sts.admin;

import dev.postern.chassis.problem.InvalidMember;
import dev.postern.chassis.problem.Preconditions;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.policy.Limit;
import dev.postern.policy.PolicySet;
import dev.postern.sts.document.Documents;
import dev.postern.sts.policy.PoliciesInForce;
import dev.postern.sts.policy.PoliciesInForce.InForce;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Budgets: limits of the policy set, changed by publishing the next version. Their version is the policy's.
final class BudgetChanges implements ChangeHandler {

    static final String PUT = "budget-put";
    static final String DELETE = "budget-delete";

    private final PoliciesInForce policies;

    BudgetChanges(PoliciesInForce policies) {
        this.policies = policies;
    }

    @Override
    public boolean handles(String kind) {
        return kind.startsWith("budget-");
    }

    @Override
    public Prepared prepare(Change change) {
        String id = change.resourceId();
        InForce before = policies.inForce();
        long epoch = before.version().epoch();
        int index = before.set().limits().stream().map(Limit::id).toList().indexOf(id);
        Preconditions.require(change.expected(), index >= 0 ? epoch : Preconditions.ABSENT);
        if (change.kind().equals(DELETE)) {
            return PolicyChanges.publication(
                    policies,
                    epoch,
                    before.set().withoutLimit(id),
                    false,
                    "budget-removed",
                    "budget",
                    _ -> Answer.none());
        }
        ObjectNode document =
                (ObjectNode) Documents.JSON.readTree(before.version().document());
        ArrayNode limits = document.withArrayProperty("limits");
        int place = index >= 0 ? index : limits.size();
        ObjectNode limit = withId(id, change);
        if (index >= 0) {
            limits.set(index, limit);
        } else {
            limits.add(limit);
        }
        PolicySet set = PolicyText.read(document.toString(), "/limits/" + place);
        return PolicyChanges.publication(
                policies,
                epoch,
                set,
                false,
                index >= 0 ? "budget-changed" : "budget-created",
                "budget",
                next -> Answer.written(
                        change.expected(),
                        view(find(next, id).orElseThrow(), next.version().epoch()),
                        next.version().epoch()));
    }

    private static ObjectNode withId(String id, Change change) {
        ObjectNode limit = ((ObjectNode) change.document()).deepCopy();
        if (limit.has("id") && !limit.path("id").stringValue("").equals(id)) {
            throw new ProblemException(
                    Problem.INVALID, List.of(new InvalidMember("/id", "Leave it out, or give the id of the address.")));
        }
        limit.put("id", id);
        return limit;
    }

    static Optional<Limit> find(InForce policy, String id) {
        return policy.set().limits().stream()
                .filter(limit -> limit.id().equals(id))
                .findFirst();
    }

    static Map<String, Object> view(Limit limit, long epoch) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", limit.id());
        view.put("tenant", limit.tenant());
        view.put("client", limit.client());
        view.put("model", limit.model());
        view.put("per", limit.per().wireName());
        number(view, "requests_per_minute", limit.requestsPerMinute());
        number(view, "burst", limit.burst());
        number(view, "model_tokens_per_minute", limit.modelTokensPerMinute());
        number(view, "concurrent", limit.concurrent());
        number(view, "spend_micros_per_day", limit.spendMicrosPerDay());
        number(view, "requests_per_day", limit.requestsPerDay());
        number(view, "model_tokens_per_day", limit.modelTokensPerDay());
        view.put("version", epoch);
        return view;
    }

    private static void number(Map<String, Object> view, String name, OptionalLong value) {
        value.ifPresent(number -> view.put(name, number));
    }
}

package dev.postern.sts.admin;

import dev.postern.chassis.problem.Preconditions;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.policy.PolicySet;
import dev.postern.policy.Role;
import dev.postern.sts.document.Documents;
import dev.postern.sts.policy.PoliciesInForce;
import dev.postern.sts.policy.PoliciesInForce.InForce;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/// Roles: members of the policy set, changed by publishing the next version. Their version is the policy's.
final class RoleChanges implements ChangeHandler {

    static final String PUT = "role-put";
    static final String DELETE = "role-delete";

    private final PoliciesInForce policies;

    RoleChanges(PoliciesInForce policies) {
        this.policies = policies;
    }

    @Override
    public boolean handles(String kind) {
        return kind.startsWith("role-");
    }

    @Override
    public Prepared prepare(Change change) {
        String name = change.resourceId();
        InForce before = policies.inForce();
        long epoch = before.version().epoch();
        boolean exists = before.set().roles().containsKey(name);
        Preconditions.require(change.expected(), exists ? epoch : Preconditions.ABSENT);
        if (change.kind().equals(DELETE)) {
            return PolicyChanges.publication(
                    policies, epoch, before.set().withoutRole(name), false, "role-removed", "role", _ -> Answer.none());
        }
        ObjectNode document =
                (ObjectNode) Documents.JSON.readTree(before.version().document());
        document.withObjectProperty("roles").set(name, change.document());
        PolicySet set = PolicyText.read(
                document.toString(), "/roles/" + name.replace("~", "~0").replace("/", "~1"));
        return PolicyChanges.publication(
                policies,
                epoch,
                set,
                false,
                exists ? "role-changed" : "role-created",
                "role",
                next -> Answer.written(
                        change.expected(),
                        view(name, role(next, name), next.version().epoch()),
                        next.version().epoch()));
    }

    static Role role(InForce policy, String name) {
        Role role = policy.set().roles().get(name);
        if (role == null) {
            throw new ProblemException(Problem.NOT_FOUND);
        }
        return role;
    }

    static Map<String, Object> view(String name, Role role, long epoch) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("name", name);
        view.put("scopes", List.copyOf(new TreeSet<>(role.scopes())));
        view.put("models", List.copyOf(new TreeSet<>(role.models())));
        view.put("topics", List.copyOf(new TreeSet<>(role.topics())));
        view.put("version", epoch);
        return view;
    }
}

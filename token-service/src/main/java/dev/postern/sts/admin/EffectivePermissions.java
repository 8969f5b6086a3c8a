package dev.postern.sts.admin;

import dev.postern.policy.Limit;
import dev.postern.policy.RoleGrant;
import dev.postern.policy.Rule;
import dev.postern.sts.client.ClientDocument;
import dev.postern.sts.client.ClientRegistration;
import dev.postern.sts.policy.PoliciesInForce.InForce;
import dev.postern.token.AuthorizationDetail;
import dev.postern.token.NamePattern;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// What a client may do in the end: its registration, narrowed by its roles, its details and the policy in force.
///
/// Non-guarantee: rules decide by facts of the moment (time, address, anomaly); they are listed, not decided.
final class EffectivePermissions {

    private EffectivePermissions() {}

    static Map<String, Object> of(ClientRegistration client, InForce policy) {
        RoleGrant grant = policy.compiled().roles(client.policy().roles());
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("client_id", client.clientId());
        view.put("enabled", client.isEnabled());
        view.put("policy_version", policy.version().epoch());
        view.put(
                "scopes",
                client.isEnabled()
                        ? client.scopes().stream()
                                .filter(grant::allowsScope)
                                .sorted()
                                .toList()
                        : List.of());
        view.put("audiences", List.copyOf(new TreeSet<>(client.audiences())));
        view.put("models", grant.restricts() ? List.copyOf(new TreeSet<>(grant.models())) : List.of("*"));
        view.put("topics", grant.restricts() ? List.copyOf(new TreeSet<>(grant.topics())) : List.of("*"));
        view.put(
                "authorization_details",
                client.policy().details().stream()
                        .map(AuthorizationDetail::toMembers)
                        .toList());
        Map<String, Object> document = ClientDocument.of(client);
        for (String member :
                new String[] {"bindings", "networks", "roles", "token_lifetime_s", "exchange", "sensitivity_clearance"
                }) {
            Object value = document.get(member);
            if (value != null) {
                view.put(member, value);
            }
        }
        view.put(
                "limits",
                policy.set().limits().stream()
                        .filter(limit -> concerns(limit, client))
                        .map(limit -> BudgetChanges.view(limit, policy.version().epoch()))
                        .toList());
        view.put(
                "rules",
                policy.set().rules().stream().map(EffectivePermissions::rule).toList());
        return view;
    }

    private static boolean concerns(Limit limit, ClientRegistration client) {
        return NamePattern.matches(limit.tenant(), client.tenant())
                && NamePattern.matches(limit.client(), client.clientId());
    }

    private static Map<String, Object> rule(Rule rule) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", rule.id());
        view.put("effect", rule.effect().wireName());
        view.put(
                "phases",
                rule.phases().stream().map(phase -> phase.wireName()).sorted().toList());
        view.put("when", rule.when());
        view.put("description", rule.description());
        return view;
    }
}

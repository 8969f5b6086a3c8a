package dev.postern.policy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/// A version of policy as it is written and published: what [CompiledPolicy] decides by.
///
/// Whatever [#parse] returns is in order but for its conditions, which [CompiledPolicy#compile] checks.
public record PolicySet(
        String description,
        NavigableMap<String, Role> roles,
        List<Rule> rules,
        List<Limit> limits,
        List<Price> prices,
        List<ContainmentRule> containment) {

    /// Longer documents are refused unread.
    public static final int MAX_LENGTH = 256 * 1024;

    public static final int MAX_ROLES = 128;
    public static final int MAX_RULES = 64;
    public static final int MAX_LIMITS = 256;
    public static final int MAX_PRICES = 256;
    public static final int MAX_CONTAINMENT = 16;

    /// A condition's most characters.
    public static final int MAX_CONDITION = 1024;

    /// What a platform starts with: clients have what their registrations grant, and behaviour that is unusual beyond
    /// doubt ends the session.
    public static final String DEFAULT_JSON = """
            {
              "description": "Clients have what their registrations grant.",
              "rules": [
                {
                  "id": "allow-all",
                  "effect": "allow",
                  "phases": ["issue", "session"],
                  "when": "true",
                  "description": "Everything that a registration and its roles grant."
                }
              ],
              "containment": [
                {"id": "beyond-doubt", "when": "anomaly.score >= 0.95", "action": "revoke-session"}
              ]
            }
            """;

    public PolicySet {
        roles = Collections.unmodifiableNavigableMap(new TreeMap<>(roles));
        rules = List.copyOf(rules);
        limits = List.copyOf(limits);
        prices = List.copyOf(prices);
        containment = List.copyOf(containment);
    }

    /// Reads a policy set, strictly: unknown and repeated members are refused, and so is what lies outside its bounds.
    public static PolicySet parse(String json) throws PolicyRejected {
        return PolicyReader.read(json);
    }

    /// The set as [#parse] reads it: the same set gives the same text.
    public String toJson() {
        return PolicyWriter.write(this);
    }

    public PolicySet withRole(String name, Role role) {
        NavigableMap<String, Role> more = new TreeMap<>(roles);
        more.put(name, role);
        return new PolicySet(description, more, rules, limits, prices, containment);
    }

    public PolicySet withoutRole(String name) {
        NavigableMap<String, Role> fewer = new TreeMap<>(roles);
        fewer.remove(name);
        return new PolicySet(description, fewer, rules, limits, prices, containment);
    }

    /// With this limit in the place of the one of the same id, or at the end.
    public PolicySet withLimit(Limit limit) {
        List<Limit> changed = new ArrayList<>(limits);
        int index = changed.stream().map(Limit::id).toList().indexOf(limit.id());
        if (index < 0) {
            changed.add(limit);
        } else {
            changed.set(index, limit);
        }
        return new PolicySet(description, roles, rules, changed, prices, containment);
    }

    public PolicySet withoutLimit(String id) {
        return new PolicySet(
                description,
                roles,
                rules,
                limits.stream().filter(limit -> !limit.id().equals(id)).toList(),
                prices,
                containment);
    }
}

package dev.postern.policy;

import dev.postern.token.NamePattern;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/// What a client's roles grant together, as name patterns. Without roles ([#UNRESTRICTED]) a client has what its
/// registration grants; roles that the policy does not know grant nothing.
///
/// @param restricts whether there are roles at all; otherwise everything is granted
public record RoleGrant(boolean restricts, Set<String> scopes, Set<String> models, Set<String> topics) {

    public static final RoleGrant UNRESTRICTED = new RoleGrant(false, Set.of(), Set.of(), Set.of());

    public RoleGrant {
        scopes = Set.copyOf(scopes);
        models = Set.copyOf(models);
        topics = Set.copyOf(topics);
    }

    static RoleGrant of(Collection<Role> roles) {
        Set<String> scopes = new HashSet<>();
        Set<String> models = new HashSet<>();
        Set<String> topics = new HashSet<>();
        for (Role role : roles) {
            scopes.addAll(role.scopes());
            models.addAll(role.models());
            topics.addAll(role.topics());
        }
        return new RoleGrant(true, scopes, models, topics);
    }

    public boolean allowsScope(String scope) {
        return !restricts || NamePattern.anyMatches(scopes, scope);
    }

    public boolean allowsModel(String model) {
        return !restricts || NamePattern.anyMatches(models, model);
    }

    public boolean allowsTopic(String topic) {
        return !restricts || NamePattern.anyMatches(topics, topic);
    }
}

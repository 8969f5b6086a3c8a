package dev.postern.policy;

import java.util.Set;

/// What a role grants: scopes, models and topics, exact or by their beginning (`orders.*`). What is not named is not
/// granted.
public record Role(Set<String> scopes, Set<String> models, Set<String> topics) {

    public Role {
        scopes = Set.copyOf(scopes);
        models = Set.copyOf(models);
        topics = Set.copyOf(topics);
    }
}

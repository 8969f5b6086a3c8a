package dev.postern.policy;

/// What policy says.
///
/// @param ruleId the rule that decided: of the policy, or one of the constants here
public record Decision(boolean allowed, String ruleId) {

    /// No rule allowed it.
    public static final String NO_ALLOW = "postern:no-allow";
    /// The client's roles do not grant a scope of the token.
    public static final String ROLE_SCOPE = "postern:role-scope";
    /// The client's roles do not grant the model.
    public static final String ROLE_MODEL = "postern:role-model";
    /// The client's roles do not grant the topic.
    public static final String ROLE_TOPIC = "postern:role-topic";
    /// The data is more sensitive than the client is cleared for.
    public static final String CLEARANCE = "postern:clearance";

    static Decision allow(String ruleId) {
        return new Decision(true, ruleId);
    }

    static Decision deny(String ruleId) {
        return new Decision(false, ruleId);
    }
}

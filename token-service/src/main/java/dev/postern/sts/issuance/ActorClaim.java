package dev.postern.sts.issuance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The claim `act` (RFC 8693 section 4.1), in tokens and in what is told about them.
public final class ActorClaim {

    private ActorClaim() {}

    /// The nearest actor outermost, those before it within; empty without any.
    ///
    /// @param actors nearest first
    public static Map<String, Object> of(List<String> actors) {
        Map<String, Object> actor = Map.of();
        for (String name : actors.reversed()) {
            Map<String, Object> nearer = new LinkedHashMap<>();
            nearer.put("sub", name);
            if (!actor.isEmpty()) {
                nearer.put("act", actor);
            }
            actor = nearer;
        }
        return actor;
    }
}

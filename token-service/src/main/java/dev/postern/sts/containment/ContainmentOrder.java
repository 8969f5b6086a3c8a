package dev.postern.sts.containment;

import dev.postern.policy.Containment.Action;
import java.util.Optional;

/// What a service asks for, because a rule of the policy said so.
///
/// @param incident what makes two orders the same
/// @param scorePermille the anomaly score, 0 to 1000
record ContainmentOrder(
        String incident, Action action, String clientId, Optional<String> sessionId, String rule, int scorePermille) {}

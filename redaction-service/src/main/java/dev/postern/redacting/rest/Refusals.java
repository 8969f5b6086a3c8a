package dev.postern.redacting.rest;

import dev.postern.chassis.problem.InvalidMember;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.redacting.engine.ExchangeRefused;
import java.util.List;

/// The engine's refusals as problems.
final class Refusals {
    static final Problem POLICY_BLOCKED = new Problem(
            403, "policy-blocked", "Your tenant's policy lets no values of the kinds listed in errors pass.");
    static final Problem POLICY_UNAVAILABLE = new Problem(
            503, "policy-unavailable", "Nobody can say right now what your tenant's policy is: try again shortly.");

    static final Problem VAULT_UNAVAILABLE = new Problem(
            503, "vault-unavailable", "Nobody can say right now what your conversation knows: try again shortly.");

    static final Problem PACK_TOO_COSTLY = new Problem(
            422,
            "pack-too-costly",
            "The rules of your tenant's own pack take too long on this text: make their patterns simpler.");

    private Refusals() {}

    static ProblemException of(ExchangeRefused refused) {
        return switch (refused.reason()) {
            case MALFORMED -> new ProblemException(Problem.MALFORMED);
            case TOO_LARGE ->
                new ProblemException(
                        Problem.TOO_LARGE,
                        List.of(new InvalidMember(
                                "", "There are more different values in it than may be kept: send less at once.")));
            case POLICY_BLOCKED ->
                new ProblemException(
                        POLICY_BLOCKED,
                        refused.kinds().stream()
                                .map(kind -> new InvalidMember("", kind))
                                .toList());
            case POLICY_UNAVAILABLE -> new ProblemException(POLICY_UNAVAILABLE);
            case PACK_TOO_COSTLY -> new ProblemException(PACK_TOO_COSTLY);
            case VAULT_UNAVAILABLE -> new ProblemException(VAULT_UNAVAILABLE);
            case OVERLOADED, TOO_LATE -> new ProblemException(Problem.UNAVAILABLE);
            case UNKNOWN_EXCHANGE, INTERNAL -> new ProblemException(Problem.INTERNAL);
        };
    }
}

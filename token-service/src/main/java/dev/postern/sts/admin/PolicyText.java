package dev.postern.sts.admin;

import dev.postern.chassis.problem.InvalidMember;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.policy.CompiledPolicy;
import dev.postern.policy.PolicyRejected;
import dev.postern.policy.PolicySet;

/// Policy sets of requests, read and compiled, with their problems as a caller is told them.
final class PolicyText {

    private PolicyText() {}

    /// @param within the place of the document that the caller knows as the whole; problems elsewhere keep their place
    static PolicySet read(String json, String within) {
        try {
            PolicySet set = PolicySet.parse(json);
            var _ = CompiledPolicy.compile(set);
            return set;
        } catch (PolicyRejected rejected) {
            throw refused(rejected, within);
        }
    }

    static ProblemException refused(PolicyRejected rejected, String within) {
        return new ProblemException(
                Problem.INVALID,
                rejected.problems().stream()
                        .map(problem -> new InvalidMember(
                                problem.path().startsWith(within)
                                        ? problem.path().substring(within.length())
                                        : problem.path(),
                                problem.sentence()))
                        .toList());
    }
}

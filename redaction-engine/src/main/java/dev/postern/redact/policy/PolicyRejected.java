package dev.postern.redact.policy;

import java.util.List;

/// A document is no policy; with everything that is wrong with it that could be seen at once. Holds none of its values.
public final class PolicyRejected extends Exception {
    private final transient List<PolicyProblem> problems;

    PolicyRejected(List<PolicyProblem> problems) {
        super(
                problems.stream()
                        .findFirst()
                        .map(first -> first.pointer() + ": " + first.sentence())
                        .orElse("refused"),
                null,
                false,
                false);
        this.problems = List.copyOf(problems);
    }

    public List<PolicyProblem> problems() {
        return problems;
    }
}

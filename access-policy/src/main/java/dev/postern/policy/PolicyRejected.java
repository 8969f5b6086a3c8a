package dev.postern.policy;

import java.util.List;

/// A document was refused, with everything that is wrong with it that could be seen at once.
public final class PolicyRejected extends Exception {

    private final transient List<Problem> problems;

    PolicyRejected(List<Problem> problems) {
        super(
                problems.isEmpty()
                        ? "refused"
                        : problems.getFirst().path() + ": "
                                + problems.getFirst().sentence());
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}

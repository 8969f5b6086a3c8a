package dev.postern.sts.admin;

/// Knows one kind of resource.
interface ChangeHandler {

    /// Whether it knows changes of this kind.
    boolean handles(String kind);

    /// Checks everything about a change, without making it.
    ///
    /// @throws dev.postern.chassis.problem.ProblemException if it cannot be made
    Prepared prepare(Change change);
}

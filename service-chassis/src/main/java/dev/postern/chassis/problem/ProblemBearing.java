package dev.postern.chassis.problem;

/// A failure of another kind that knows what to tell the caller, where it is not caught before.
public interface ProblemBearing {
    Problem problem();
}

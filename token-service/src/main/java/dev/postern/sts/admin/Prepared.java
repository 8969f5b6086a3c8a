package dev.postern.sts.admin;

import dev.postern.policy.PolicySet;
import java.util.Optional;
import java.util.function.Function;

/// A change that was found to be in order at this moment and has not happened.
///
/// @param action as in the audit trail
/// @param resource the kind of thing
/// @param area under which it may need a second person; none for changes that never do
/// @param effect makes it happen and answers; the argument says who is behind it, as the audit trail names them. It
///     finds out by itself when the version changed meanwhile.
/// @param policy that comes into force with it
record Prepared(
        String action,
        String resource,
        Optional<ApprovalArea> area,
        Optional<PolicySet> policy,
        Function<String, Answer> effect) {

    /// A change of something else than the policy.
    Prepared(String action, String resource, Optional<ApprovalArea> area, Function<String, Answer> effect) {
        this(action, resource, area, Optional.empty(), effect);
    }
}

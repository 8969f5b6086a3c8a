package dev.postern.redact.pack;

import java.util.List;

/// What makes the scanner try a rule.
public sealed interface Trigger {
    /// Wherever a run of letters, of digits, or a sign begins, when the next characters agree with the pattern.
    record Start() implements Trigger {}

    /// At an occurrence of one of some literals, or up to `reach` characters before it.
    ///
    /// @param literals lower case; matched in any case
    record Literal(List<String> literals, int reach) implements Trigger {}
}

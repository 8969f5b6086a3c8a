package dev.postern.redacting.detection;

import java.util.List;
import java.util.regex.Pattern;

/// One way to find an entity by pattern.
///
/// @param id unique in the pack
/// @param pattern bounded in every repetition; when it has a group `value`, that group is the value
/// @param skipsRejected whether a rejected match is passed over whole (expensive checks) or searched for a shorter one
/// @param startsWithDigit whether every match starts with a digit, `+` or `(`: then only those places are tried
/// @param needs lower-case literals of which one must be in the text for the pattern to run; empty: none
/// @param leastDigits digits the text must hold for the pattern to run
/// @param score how sure a match without context is, 0 to 1
/// @param contextScore how sure a match beside a context word is
/// @param examples texts in which exactly the parts between `«` and `»` are values of this entity
/// @param counterExamples texts in which this rule finds nothing
record Rule(
        String id,
        Entity entity,
        Pattern pattern,
        Check check,
        boolean skipsRejected,
        boolean startsWithDigit,
        List<String> needs,
        int leastDigits,
        double score,
        double contextScore,
        ContextWords context,
        List<String> examples,
        List<String> counterExamples) {

    boolean mayMatch(ScannedText text) {
        return text.digits() >= leastDigits
                && (needs.isEmpty() || needs.stream().anyMatch(text::contains));
    }

    boolean hasValueGroup() {
        return pattern.namedGroups().containsKey("value");
    }
}

package dev.postern.redact.pack;

import dev.postern.redact.check.Check;
import dev.postern.redact.entity.Entity;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// One way to find an entity by pattern.
///
/// @param id unique over all packs but those of tenants
/// @param pattern bounded in every repetition; when it has a group `value`, that group is the value
/// @param shape the pattern's structure, by which the scanner rules places out
/// @param weight steps that the pattern takes for each character that it looks at, about
/// @param wholeWords whether a match must not touch letters, digits or `_`, nor go on as a number (`.5`, `-5`)
/// @param costly whether the check is expensive: then, after many rejected matches, the shape alone decides
/// @param skipsRejected whether a rejected match is passed over whole; otherwise what begins inside it is tried as well
/// @param context lower-case words or phrases, near a match, that make it likelier
/// @param unless lower-case words or phrases right before a match that make it something else
/// @param languages the languages of the texts it is at home in; empty: all
/// @param examples texts in which exactly the parts between `«` and `»` are values of this entity
/// @param counterExamples texts in which this rule finds nothing
public record Rule(
        String id,
        Entity entity,
        Pattern pattern,
        PatternShape shape,
        int weight,
        Trigger trigger,
        boolean wholeWords,
        Check check,
        boolean costly,
        boolean skipsRejected,
        Scores scores,
        List<String> context,
        List<String> unless,
        Set<String> languages,
        List<String> examples,
        List<String> counterExamples) {

    public boolean hasValueGroup() {
        return pattern.namedGroups().containsKey("value");
    }
}

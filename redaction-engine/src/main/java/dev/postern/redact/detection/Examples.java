package dev.postern.redact.detection;

import dev.postern.redact.entity.Span;
import dev.postern.redact.pack.InvalidRulePack;
import dev.postern.redact.pack.Rule;
import dev.postern.redact.scan.RuleScanner;
import dev.postern.redact.scan.ScannedText;
import dev.postern.redact.scan.TooCostly;
import java.util.List;
import java.util.regex.Pattern;

/// Tries what a rule says of itself.
final class Examples {
    private static final Pattern MARKED = Pattern.compile("«([^«»]*)»");

    private Examples() {}

    /// @param detection that has the rule
    /// @throws InvalidRulePack when an example is not found as it is marked, or a counter-example is
    static void check(Rule rule, Detection detection) {
        try {
            String language = rule.languages().stream().sorted().findFirst().orElse("");
            examples(rule, language, detection);
            counterExamples(rule, language);
        } catch (TooCostly e) {
            throw new InvalidRulePack("rule " + rule.id() + " takes too long on an example of its own", e);
        }
    }

    private static void examples(Rule rule, String language, Detection detection) {
        if (rule.examples().stream()
                .noneMatch(example -> MARKED.matcher(example).find())) {
            throw new InvalidRulePack("rule " + rule.id() + " has no example in which « and » mark what it finds");
        }
        for (int i = 0; i < rule.examples().size(); i++) {
            String example = rule.examples().get(i);
            String text = example.replace("«", "").replace("»", "");
            List<String> found = detection.analyze(text, language).stream()
                    .filter(span -> span.entity().equals(rule.entity()))
                    .map(span -> in(text, span))
                    .toList();
            List<String> marked = MARKED.matcher(example)
                    .results()
                    .map(match -> match.group(1))
                    .toList();
            if (!found.equals(marked)) {
                throw new InvalidRulePack("rule " + rule.id() + " does not find in its example " + (i + 1)
                        + " what « and » mark, and nothing else");
            }
        }
    }

    private static void counterExamples(Rule rule, String language) {
        RuleScanner alone = RuleScanner.limited(List.of(rule), DetectionSettings.STANDARD.threshold());
        for (int i = 0; i < rule.counterExamples().size(); i++) {
            ScannedText text = ScannedText.of(rule.counterExamples().get(i), "", language);
            if (!alone.scan(text, RuleScanner.Surroundings.MAY_BE_ABSENT, _ -> true)
                    .isEmpty()) {
                throw new InvalidRulePack("rule " + rule.id() + " finds something in its counter-example " + (i + 1));
            }
        }
    }

    private static String in(String text, Span span) {
        return text.substring(span.start(), span.end());
    }
}

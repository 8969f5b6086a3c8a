package dev.postern.redacting.detection;

import java.util.List;
import java.util.regex.Matcher;

/// Runs the pack's rules over a text. Linear in the text: patterns are bounded, and a rule whose literals or digits are
/// absent does not run.
final class RuleDetector {
    private final List<Rule> rules;
    private final double threshold;

    RuleDetector(List<Rule> rules, double threshold) {
        this.rules = rules;
        this.threshold = threshold;
    }

    void detect(ScannedText text, List<Span> found) {
        for (Rule rule : rules) {
            if (rule.mayMatch(text)) {
                run(rule, text, found);
            }
        }
    }

    private void run(Rule rule, ScannedText text, List<Span> found) {
        Matcher matcher = rule.pattern().matcher(text.text());
        boolean valueGroup = rule.hasValueGroup();
        int from = 0;
        while (from < text.text().length() && matcher.find(from)) {
            int start = valueGroup ? matcher.start("value") : matcher.start();
            int end = valueGroup ? matcher.end("value") : matcher.end();
            // The score first: it is cheap, and without context a weak match needs no check.
            double score = score(rule, text, start, end);
            int accepted = score >= threshold ? rule.check().accept(text.text(), start, end) : Check.REJECTED;
            if (accepted > start) {
                found.add(new Span(start, accepted, rule.entity(), score));
                from = Math.max(accepted, matcher.end());
            } else {
                // A rejected match may hide a shorter one that starts inside it; bounded patterns keep this linear.
                from = rule.skipsRejected() ? matcher.end() : matcher.start() + 1;
            }
        }
    }

    private static double score(Rule rule, ScannedText text, int start, int end) {
        boolean better = rule.contextScore() > rule.score();
        return better && rule.context().near(text, start, end) ? rule.contextScore() : rule.score();
    }
}

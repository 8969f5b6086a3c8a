package dev.postern.redacting.detection;

import java.util.List;
import java.util.regex.Matcher;

/// Runs the pack's rules over a text. Linear in the text: patterns are bounded, and a rule whose literals or digits are
/// absent does not run.
final class RuleDetector {
    /// Expensive checks that may fail in one text. A text with more is a table of numbers or an attack on our time:
    /// from
    /// then on the shape decides, which can only hide more.
    private static final int MOST_REJECTED = 300;

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
        // Lookbehind must see what stands before the place that is tried.
        matcher.useTransparentBounds(true);
        boolean valueGroup = rule.hasValueGroup();
        int rejected = 0;
        int from = 0;
        while (next(rule, text, matcher, from)) {
            int start = valueGroup ? matcher.start("value") : matcher.start();
            int end = valueGroup ? matcher.end("value") : matcher.end();
            // The score first: it is cheap, and without context a weak match needs no check.
            double score = score(rule, text, start, end);
            boolean byShape = rule.skipsRejected() && rejected >= MOST_REJECTED;
            int accepted = Check.REJECTED;
            if (score >= threshold) {
                accepted = byShape ? end : rule.check().accept(text.text(), start, end);
                rejected += accepted == Check.REJECTED ? 1 : 0;
            }
            if (accepted > start) {
                found.add(new Span(start, accepted, rule.entity(), score));
                from = Math.max(accepted, matcher.end());
            } else {
                // A rejected match may hide a shorter one that starts inside it; bounded patterns keep this linear.
                from = rule.skipsRejected() ? matcher.end() : matcher.start() + 1;
            }
        }
    }

    private static boolean next(Rule rule, ScannedText text, Matcher matcher, int from) {
        int length = text.text().length();
        if (!rule.startsWithDigit()) {
            return from < length && matcher.region(from, length).find();
        }
        for (int at = text.numberFrom(from); at >= 0; at = text.numberFrom(at + 1)) {
            if (matcher.region(at, length).lookingAt()) {
                return true;
            }
        }
        return false;
    }

    private static double score(Rule rule, ScannedText text, int start, int end) {
        boolean better = rule.contextScore() > rule.score();
        return better && rule.context().near(text, start, end) ? rule.contextScore() : rule.score();
    }
}

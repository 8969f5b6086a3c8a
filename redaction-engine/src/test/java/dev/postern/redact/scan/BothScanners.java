package dev.postern.redact.scan;

import dev.postern.redact.pack.MarkedText;
import dev.postern.redact.pack.Rule;
import dev.postern.redact.pack.RulePackReader;
import dev.postern.redact.vectorscan.Vectorscan;
import dev.postern.redact.vectorscan.VectorscanUnavailable;
import java.util.List;
import java.util.stream.Stream;

/// Both scanners on the built-in packs, made once, and on one automaton: compiling and its building take their time.
final class BothScanners {
    static final List<Rule> RULES = RulePackReader.standard().rules();
    static final RuleIndex INDEX = RuleIndex.of(RULES);
    static final PortableScanner PORTABLE = new PortableScanner(INDEX);
    static final CandidateScanner NATIVE = nativeScanner();
    static final List<String> EXAMPLES = RULES.stream()
            .flatMap(rule -> Stream.concat(
                    rule.examples().stream()
                            .map(example -> MarkedText.of(example).text()),
                    rule.counterExamples().stream()))
            .distinct()
            .toList();

    private BothScanners() {}

    static RuleScanner on(CandidateScanner scanner, double threshold) {
        return new RuleScanner(INDEX, scanner, new ScannerInUse("either", "a test"), threshold);
    }

    static Budget unlimited() {
        Budget budget = new Budget(Effort.UNLIMITED);
        budget.begin(0);
        return budget;
    }

    /// Whether verification finds a match of a rule at a place.
    static boolean matches(Rule rule, String text, int place) {
        return (!rule.wholeWords() || Places.wordBegins(text, place))
                && rule.pattern()
                        .matcher(text)
                        .useTransparentBounds(true)
                        .useAnchoringBounds(false)
                        .region(place, text.length())
                        .lookingAt();
    }

    private static CandidateScanner nativeScanner() {
        try {
            return NativeScanner.of(INDEX, PORTABLE, Vectorscan.load());
        } catch (VectorscanUnavailable e) {
            throw new AssertionError(e);
        }
    }
}

package dev.postern.redact.scan;

import dev.postern.redact.pack.MarkedText;
import dev.postern.redact.pack.Rule;
import dev.postern.redact.pack.RulePackReader;
import dev.postern.redact.vectorscan.Vectorscan;
import dev.postern.redact.vectorscan.VectorscanUnavailable;
import java.util.List;
import java.util.stream.Stream;

/// Both scanners on the built-in packs, made once: compiling takes its time.
final class BothScanners {
    static final List<Rule> RULES = RulePackReader.standard().rules();
    static final RuleIndex INDEX = RuleIndex.of(RULES);
    static final CandidateScanner PORTABLE = new PortableScanner(INDEX);
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

    private static CandidateScanner nativeScanner() {
        try {
            return NativeScanner.of(INDEX, Vectorscan.load());
        } catch (VectorscanUnavailable e) {
            throw new AssertionError(e);
        }
    }
}

package dev.postern.redact.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.redact.entity.Span;
import dev.postern.redact.pack.Rule;
import dev.postern.redact.pack.RulePackReader;
import dev.postern.redact.vectorscan.VectorscanUnavailable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class ScannerChoiceTest {
    private static final List<Rule> RULES = RulePackReader.standard().rules().subList(0, 20);
    private static final RuleScanner.Library ABSENT = () -> {
        throw new VectorscanUnavailable("its library for linux-mips is not on the class path");
    };

    @Test
    void nativeIsNamedWithItsVersion() {
        assertThat(RuleScanner.of(RULES, 0.5, ScannerChoice.NATIVE).inUse().toString())
                .startsWith("native scanner: Vectorscan 5.4.12");
    }

    @Test
    void portableIsUsedWhereItIsAskedFor() {
        assertThat(RuleScanner.of(RULES, 0.5, ScannerChoice.PORTABLE).inUse().name())
                .isEqualTo("portable");
    }

    /// Whoever makes the native scanner faster changes this, with figures.
    @Test
    void autoIsThePortableOneAndNeedsNoLibrary() {
        assertThat(RuleScanner.of(RULES, 0.5, ScannerChoice.AUTO, ABSENT)
                        .inUse()
                        .toString())
                .isEqualTo("portable scanner: it is the faster one");
    }

    @Test
    void demandedAndAbsentNativeIsNoEngine() {
        assertThatThrownBy(() -> RuleScanner.of(RULES, 0.5, ScannerChoice.NATIVE, ABSENT))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("The native scanner is demanded and cannot be used: its library for linux-mips is not on"
                        + " the class path.");
    }

    @Test
    void manyThreadsScanAtOnce() throws InterruptedException, ExecutionException {
        RuleScanner scanner = RuleScanner.of(RULES, 0.5, ScannerChoice.NATIVE);
        ScannedText text = ScannedText.of("Write to jane@example.org or +49 30 901820. ".repeat(2_000), "", "");
        List<Span> expected = scanner.scan(text, RuleScanner.Surroundings.ARE_KNOWN, _ -> true);
        assertThat(expected).hasSizeGreaterThanOrEqualTo(4_000);
        try (ExecutorService threads = Executors.newFixedThreadPool(24)) {
            List<Future<List<Span>>> found = new ArrayList<>();
            for (int i = 0; i < 48; i++) {
                found.add(threads.submit(() -> scanner.scan(text, RuleScanner.Surroundings.ARE_KNOWN, _ -> true)));
            }
            for (Future<List<Span>> spans : found) {
                assertThat(spans.get()).isEqualTo(expected);
            }
        }
    }
}

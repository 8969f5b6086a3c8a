package dev.postern.redact.stream;

import dev.postern.redact.detection.Detection;
import dev.postern.redact.entity.Action;
import dev.postern.redact.entity.Entity;
import dev.postern.redact.entity.Span;
import dev.postern.redact.pack.MarkedText;
import dev.postern.redact.pack.Rule;
import dev.postern.redact.pack.RulePackReader;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The packs' own examples and counter-examples, in prose that gives context and names: however they are cut, a stream
/// leaves out what detection finds in the whole text, and nothing is given out that is left out later.
final class EveryExampleTest {
    private static final String BEFORE = "Note that Mr. Brown said, as ever, the phone was lost. A number: ";
    private static final String AFTER = " and then the tax card, or passport.";
    private static final Detection DETECTION = Detection.standard();
    private static final StreamRedaction STREAMS = DETECTION.streams(entity -> entity.action() != Action.KEEP);

    @TestFactory
    Stream<DynamicTest> exampleInProseWhenCutAnywhere() {
        return RulePackReader.standard().rules().stream()
                .map(rule -> DynamicTest.dynamicTest(
                        rule.id(),
                        () -> texts(rule).forEach(text -> {
                            check(text, 1);
                            check(BEFORE + text + AFTER, 40);
                        })));
    }

    private static Stream<String> texts(Rule rule) {
        return Stream.concat(rule.examples().stream(), rule.counterExamples().stream())
                .map(example -> MarkedText.of(example).text());
    }

    private static void check(String text, int step) {
        new Cutting(() -> STREAMS.open("", Opaque.NOTHING, EveryExampleTest::standIn))
                .everyFew(text, redacted(text, DETECTION.detect(text, "")), step);
    }

    static String redacted(String text, List<Span> spans) {
        StringBuilder out = new StringBuilder();
        int copied = 0;
        for (Span span : spans) {
            out.append(text, copied, span.start()).append(standIn(span.entity()));
            copied = span.end();
        }
        return out.append(text, copied, text.length()).toString();
    }

    static String standIn(Entity entity) {
        return "[" + entity.name() + " removed]";
    }
}

package dev.postern.redact.scan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.redact.pack.MarkedText;
import dev.postern.redact.pack.Rule;
import dev.postern.redact.pack.Trigger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The native scanner and the portable one find the same spans, whatever the threshold and the surroundings: all texts
/// are compared by what the scanners propose. One verification decides over that, a function of the text and of what is
/// proposed, in which a rule that does not match leaves no trace. So the same phrases and the same rules at the same
/// places, but for such rules, are the same spans. That this is so is tested on the spans of every example. Texts are
/// joined where that makes no difference to what is tested, for time.
final class ScannersAgreeTest {
    private static final List<String> EXAMPLES = BothScanners.EXAMPLES;
    private static final RuleScanner PORTABLE = BothScanners.on(BothScanners.PORTABLE, 0.5);
    private static final RuleScanner NATIVE = BothScanners.on(BothScanners.NATIVE, 0.5);
    /// Reports all that a check accepts, so that no score hides a difference.
    private static final RuleScanner PORTABLE_LOW = BothScanners.on(BothScanners.PORTABLE, 0.01);
    private static final RuleScanner NATIVE_LOW = BothScanners.on(BothScanners.NATIVE, 0.01);

    @Test
    void onEveryExampleAndCounterExample() {
        for (String example : EXAMPLES) {
            assertSameSpans(ScannedText.of(example, "", ""));
            ScannedText text = ScannedText.of(example, "", "");
            assertThat(NATIVE_LOW.scan(text, RuleScanner.Surroundings.ARE_KNOWN, _ -> true))
                    .as(text.text())
                    .isEqualTo(PORTABLE_LOW.scan(text, RuleScanner.Surroundings.ARE_KNOWN, _ -> true));
        }
    }

    @Test
    void onTextsOfOtherProjectsTests() {
        JsonNode texts = JsonMapper.shared()
                .readTree(Path.of(System.getProperty("basedir", "."))
                        .resolve("../testdata/redaction/texts.json")
                        .toFile())
                .path("texts");
        assertThat(texts.size()).isGreaterThan(3_000);
        texts.forEach(text -> assertSame(text.stringValue()));
    }

    @Test
    void onExamplesInOtherCase() {
        assertSame(String.join("\n", EXAMPLES).toUpperCase(Locale.ROOT));
        assertSame(String.join("\n", EXAMPLES).toLowerCase(Locale.ROOT));
    }

    /// Bounds: what touches a value decides whether it is one.
    @Test
    void onExamplesThatTouchSomething() {
        String[] neighbours = {
            "x", "X", "7", "_", ".", "-", "+", "é", "여", "😀", "\uD800", "\u0000", "$", "\\", "\n", "/"
        };
        for (String neighbour : neighbours) {
            assertSame(
                    EXAMPLES.stream().collect(Collectors.joining(neighbour + " " + neighbour, neighbour, neighbour)));
        }
    }

    @Test
    void onExamplesCutAndJoined() {
        Random random = new Random(23);
        for (int run = 0; run < 400; run++) {
            StringBuilder text = new StringBuilder();
            for (int part = random.nextInt(6); part >= 0; part--) {
                String example = EXAMPLES.get(random.nextInt(EXAMPLES.size()));
                int from = random.nextInt(4) == 0 ? random.nextInt(example.length()) : 0;
                int to = random.nextInt(4) == 0 ? from + random.nextInt(example.length() - from) : example.length();
                text.append(example, from, to);
                text.append(List.of("", " ", "\n", ". ", "/", "٣", "\u200B", "İ", "K", "'")
                        .get(random.nextInt(10)));
            }
            assertSame(text.toString());
        }
    }

    @Test
    void onRandomCharacters() {
        Random random = new Random(29);
        String characters = "aAbBeEkKsS019 .,-+/@:#_=()'\"\\\n\téÉßıİſKΩ여号٣１😀\u200B\u00AD\uD800\u0000";
        for (int run = 0; run < 400; run++) {
            String text = random.ints(1 + random.nextInt(60), 0, characters.length())
                    .mapToObj(i -> characters.substring(i, i + 1))
                    .collect(Collectors.joining());
            assertSame(text);
        }
    }

    @Test
    void onHostileTexts() {
        for (String unit : LinearTimeTest.PATHOLOGICAL) {
            assertSame(unit.repeat(1_000 / unit.length()));
        }
    }

    /// Every value lies, in one of these texts, across the end of a block at another place of it.
    @Test
    void acrossTheEndsOfBlocks() {
        String all = String.join("\n", EXAMPLES);
        String padding = "and so on, ".repeat(3_000);
        for (int shift = 0; shift < all.length(); shift += 1_997) {
            int start = NativeScanner.BLOCK - shift;
            if (start > 0) {
                assertSame(padding.substring(0, start) + all);
            }
        }
    }

    @Test
    void underKeysAndInLanguages() {
        for (Rule rule : BothScanners.RULES) {
            for (String example : rule.examples()) {
                String text = MarkedText.of(example).text();
                String language = rule.languages().stream().sorted().findFirst().orElse("fr");
                for (String key : List.of("phone")) {
                    assertSameSpans(ScannedText.of(text, key, language));
                }
            }
        }
    }

    @Test
    void onNothing() {
        assertSame("");
        assertSame(" ");
        assertSame("\n");
        assertSame("7");
    }

    @Test
    void phrasesAndPlacesAreTheSame() {
        RuleIndex index = BothScanners.INDEX;
        List<String> texts = new ArrayList<>(EXAMPLES);
        for (int phrase = 0; phrase < index.phraseCount(); phrase++) {
            String text = index.word(index.rules().size() + index.literals().size() + phrase);
            texts.add(text + " x" + text + " " + text + "X 1" + text + "1 _" + text + "_ é" + text + "é");
            texts.add("X" + capitalised(text) + " x" + capitalised(text) + "X" + capitalised(text) + "x");
            texts.add(text.toUpperCase(Locale.ROOT));
        }
        for (String text : texts) {
            assertThat(phrases(BothScanners.NATIVE, text)).as(text).isEqualTo(phrases(BothScanners.PORTABLE, text));
        }
    }

    private static String capitalised(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    private static List<String> phrases(CandidateScanner scanner, String text) {
        Candidates candidates = new Candidates(BothScanners.unlimited());
        scanner.scan(text, candidates);
        return phrases(candidates);
    }

    private static List<String> phrases(Candidates candidates) {
        return IntStream.range(0, candidates.phraseCount())
                .mapToObj(i ->
                        candidates.phrase(i) + " from " + candidates.phraseStart(i) + " to " + candidates.phraseEnd(i))
                .toList();
    }

    private static void assertSame(String given) {
        String text = ScannedText.of(given, "", "").text();
        assertThat(proposed(BothScanners.NATIVE, text)).as(text).isEqualTo(proposed(BothScanners.PORTABLE, text));
    }

    /// Phrases, and rules but for those that do not match.
    private static List<String> proposed(CandidateScanner scanner, String text) {
        Candidates candidates = new Candidates(BothScanners.unlimited());
        scanner.scan(text, candidates);
        List<String> proposed = new ArrayList<>(phrases(candidates));
        for (int i = 0; i < candidates.count(); i++) {
            Rule rule = BothScanners.RULES.get(candidates.rule(i));
            int place = candidates.place(i);
            if (rule.trigger() instanceof Trigger.Literal || BothScanners.matches(rule, text, place)) {
                proposed.add(rule.id() + " at " + place);
            }
        }
        return proposed;
    }

    private static void assertSameSpans(ScannedText text) {
        assertSame(text.text());
        for (RuleScanner.Surroundings surroundings : RuleScanner.Surroundings.values()) {
            assertThat(NATIVE.scan(text, surroundings, _ -> true))
                    .as(text.text())
                    .isEqualTo(PORTABLE.scan(text, surroundings, _ -> true));
        }
    }
}

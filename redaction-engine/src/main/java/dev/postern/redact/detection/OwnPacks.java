package dev.postern.redact.detection;

import dev.postern.redact.entity.Span;
import dev.postern.redact.pack.InvalidRulePack;
import dev.postern.redact.pack.Rule;
import dev.postern.redact.pack.RulePack;
import dev.postern.redact.pack.RulePackReader;
import dev.postern.redact.scan.RuleScanner;
import dev.postern.redact.scan.ScannedText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Rule packs of one's own beside the built-in ones.
///
/// @param pack all of them as one
/// @param own the rules that are not built in
record OwnPacks(RulePack pack, List<Rule> own) {
    /// More than any pack may have, so that what is too large is told as that.
    private static final int LARGEST = 1 << 20;

    private static final Pattern MARKED = Pattern.compile("«([^«»]*)»");

    /// @throws InvalidRulePack when a file cannot be read, or is no pack within the limits
    static OwnPacks read(List<Path> files) {
        Map<String, byte[]> packs = new LinkedHashMap<>();
        for (Path file : files) {
            try (InputStream in = Files.newInputStream(file)) {
                packs.put(file.toString(), in.readNBytes(LARGEST));
            } catch (IOException e) {
                throw new InvalidRulePack(file + " cannot be read: name a file that you may read", e);
            }
        }
        RulePack standard = RulePackReader.standard();
        RulePack all = RulePackReader.extended(standard, packs);
        return new OwnPacks(
                all, all.rules().subList(standard.rules().size(), all.rules().size()));
    }

    /// Tries what the rules say of themselves.
    ///
    /// @throws InvalidRulePack when an example is not found as it is marked, or a counter-example is
    void check(Detection detection) {
        for (Rule rule : own) {
            String language = rule.languages().stream().sorted().findFirst().orElse("");
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
            RuleScanner alone = RuleScanner.portable(List.of(rule), DetectionSettings.STANDARD.threshold());
            for (int i = 0; i < rule.counterExamples().size(); i++) {
                ScannedText text = ScannedText.of(rule.counterExamples().get(i), "", language);
                if (!alone.scan(text, RuleScanner.Surroundings.MAY_BE_ABSENT, _ -> true)
                        .isEmpty()) {
                    throw new InvalidRulePack(
                            "rule " + rule.id() + " finds something in its counter-example " + (i + 1));
                }
            }
        }
    }

    private static String in(String text, Span span) {
        return text.substring(span.start(), span.end());
    }
}

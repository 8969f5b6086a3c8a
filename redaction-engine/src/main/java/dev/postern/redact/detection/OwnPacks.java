package dev.postern.redact.detection;

import dev.postern.redact.pack.InvalidRulePack;
import dev.postern.redact.pack.Rule;
import dev.postern.redact.pack.RulePack;
import dev.postern.redact.pack.RulePackReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Rule packs of one's own beside the built-in ones.
///
/// @param pack all of them as one
/// @param own the rules that are not built in
record OwnPacks(RulePack pack, List<Rule> own) {
    /// More than any pack may have, so that what is too large is told as that.
    private static final int LARGEST = 1 << 20;

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
        own.forEach(rule -> Examples.check(rule, detection));
    }
}

package dev.postern.cli.proof;

import dev.postern.cli.scan.Needles;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// What Redis holds: nothing of what was looked for in keys or values, and answers of requests as ciphertext only.
final class RedisContent {
    private static final String SEALED_ANSWERS = "postern:effect:";
    /// What stands there while a request is at work is a word, not an answer.
    private static final int SHORTEST_SEALED = 40;

    private RedisContent() {}

    static StoreEvidence examine(Map<String, byte[]> everything, Needles needles) {
        List<Finding> findings = new ArrayList<>();
        int[] sealed = {0};
        everything.forEach((key, value) -> {
            if (needles.anyIn(key.getBytes(StandardCharsets.UTF_8))) {
                findings.add(new Finding(family(key), 0, "a planted value in a key"));
            }
            needles.firstIn(value)
                    .ifPresent(at -> findings.add(new Finding(family(key), at, "a planted value in the clear")));
            if (key.startsWith(SEALED_ANSWERS) && value.length > SHORTEST_SEALED) {
                sealed[0]++;
                if (!isCiphertext(value)) {
                    findings.add(new Finding(family(key), 0, "an answer that does not look like ciphertext"));
                }
            }
        });
        return new StoreEvidence(
                Store.REDIS,
                everything.size() + " keys read: nothing planted in keys or values, " + sealed[0] + " sealed answers",
                findings);
    }

    private static boolean isCiphertext(byte[] value) {
        String text = new String(value, StandardCharsets.US_ASCII).strip();
        try {
            return Entropy.mayBeRandom(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /// A key without what follows its second colon, which may be anybody's.
    private static String family(String key) {
        int first = key.indexOf(':');
        int second = key.indexOf(':', first + 1);
        return second < 0 ? key.substring(0, Math.max(first, 0)) + ":…" : key.substring(0, second) + ":…";
    }
}

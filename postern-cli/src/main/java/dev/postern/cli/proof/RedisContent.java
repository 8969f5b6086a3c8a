package dev.postern.cli.proof;

import dev.postern.cli.scan.Needles;
import dev.postern.kms.envelope.NotOpened;
import dev.postern.kms.envelope.SealedRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// What Redis holds: nothing of what was looked for in keys or values, and answers of requests and what pseudonyms
/// stand for as ciphertext only.
final class RedisContent {
    private static final String SEALED_ANSWERS = "postern:effect:";
    private static final Pattern CONVERSATION = Pattern.compile("postern:pseudonyms:\\{[^}]+}:\\d+\\.[^:]+");
    /// Which key a conversation has, and its times.
    private static final Set<String> OPEN_FIELDS = Set.of("i", "b", "u");
    /// What stands there while a request is at work is a word, not an answer.
    private static final int SHORTEST_SEALED = 40;

    private RedisContent() {}

    static StoreEvidence examine(Map<String, byte[]> everything, Needles needles) {
        List<Finding> findings = new ArrayList<>();
        int[] sealed = {0};
        int[] records = {0};
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
            if (CONVERSATION.matcher(key).matches()) {
                List<String> values = sealedValues(value);
                records[0] += values.size();
                if (!values.stream().allMatch(RedisContent::isRecord)) {
                    findings.add(new Finding(family(key), 0, "what pseudonyms stand for, and not sealed"));
                }
            }
        });
        return new StoreEvidence(
                Store.REDIS,
                everything.size() + " keys read: nothing planted in keys or values, " + sealed[0] + " sealed answers, "
                        + records[0] + " sealed records of pseudonyms",
                findings);
    }

    /// Of a conversation: its key and its records.
    private static List<String> sealedValues(byte[] hash) {
        String[] lines = new String(hash, StandardCharsets.UTF_8).split("\n", -1);
        List<String> values = new ArrayList<>();
        for (int i = 0; i + 1 < lines.length; i += 2) {
            if (!OPEN_FIELDS.contains(lines[i])) {
                values.add(lines[i + 1]);
            }
        }
        return values;
    }

    private static boolean isRecord(String text) {
        try {
            return Entropy.mayBeRandom(SealedRecord.parse(text).ciphertext());
        } catch (NotOpened _) {
            return false;
        }
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

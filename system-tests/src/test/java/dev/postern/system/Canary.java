package dev.postern.system;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;

/// Personal data and words of this test run, used in every prompt; the last test looks for them on disk.
final class Canary {
    private static final String RUN = run();

    static final String EMAIL = "olga." + RUN + "@canary-mail.com";
    static final String CARD = "4111111111111111";
    static final String WORDS = "umbrella canary parade "
            + RUN.chars().mapToObj(c -> Character.toString('a' + c % 26)).reduce("", String::concat);

    private Canary() {}

    /// A prompt that can be told apart at the simulator by `marker`, and holds what may be written nowhere.
    static String prompt(String marker) {
        return marker + ": " + WORDS + ", send the receipt to " + EMAIL + " for card " + CARD + ".";
    }

    static List<String> unwritable() {
        return List.of(EMAIL, WORDS, CARD);
    }

    private static String run() {
        byte[] bytes = new byte[6];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}

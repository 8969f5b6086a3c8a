package dev.postern.system;

import dev.postern.cli.scan.Canaries;
import java.security.SecureRandom;
import java.util.List;

/// Personal data and words of this test run, used in every prompt; the last test looks for them on disk.
final class Canary {
    private static final Canaries RUN = Canaries.draw(new SecureRandom());

    static final String EMAIL = RUN.email();
    static final String CARD = "4111111111111111";
    static final String WORDS = RUN.marker();

    private Canary() {}

    /// A prompt that can be told apart at the simulator by `marker`, and holds what may be written nowhere.
    static String prompt(String marker) {
        return marker + ": " + WORDS + ", send the receipt to " + EMAIL + " for card " + CARD + ".";
    }

    static List<String> unwritable() {
        return List.of(EMAIL, WORDS, CARD);
    }
}

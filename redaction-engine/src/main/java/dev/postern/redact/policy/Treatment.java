package dev.postern.redact.policy;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// What becomes of a value. The stricter one wins where values overlap.
public enum Treatment {
    KEEP(0),
    /// Letters and digits become `*`, but for the last few.
    MASK(1),
    /// A date becomes its year, an IP address its network, an age its decade.
    GENERALISE(2),
    /// A keyed hash stands for it: equal in all conversations of the tenant, and nothing leads back.
    HASH(3),
    /// A reversible pseudonym of the conversation stands for it.
    PSEUDONYMISE(4),
    /// It is removed for good.
    REMOVE(5),
    /// The whole exchange is refused.
    BLOCK(6);

    private final int strictness;

    Treatment(int strictness) {
        this.strictness = strictness;
    }

    int strictness() {
        return strictness;
    }

    /// As policies write it.
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Treatment> of(String wireName) {
        return Arrays.stream(values())
                .filter(treatment -> treatment.wireName().equals(wireName))
                .findFirst();
    }

    static Treatment stricter(Treatment one, Treatment other) {
        return one.strictness >= other.strictness ? one : other;
    }
}

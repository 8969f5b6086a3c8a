package dev.postern.policy.anomaly;

import java.util.HexFormat;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Names incidents: 96 random bits in hexadecimal, so that no two services choose the same. Safe for any thread if its
/// source is.
public final class IncidentIds implements Supplier<String> {
    private static final int BYTES = 12;

    private final RandomGenerator random;

    public IncidentIds(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public String get() {
        byte[] id = new byte[BYTES];
        random.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }
}

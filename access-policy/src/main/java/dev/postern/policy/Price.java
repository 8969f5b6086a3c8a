package dev.postern.policy;

import java.math.BigInteger;

/// What a model costs.
///
/// @param model a name, exact or by its beginning; the most specific price counts
/// @param inputMicrosPerMillion millionths of the currency unit per million tokens in
/// @param outputMicrosPerMillion the same for tokens out
public record Price(String model, long inputMicrosPerMillion, long outputMicrosPerMillion) {

    private static final BigInteger MILLION = BigInteger.valueOf(1_000_000);
    private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

    /// What so many tokens cost, in millionths of the currency unit, rounded up: many small requests are not free.
    public long micros(long inputTokens, long outputTokens) {
        BigInteger exact = BigInteger.valueOf(inputTokens)
                .multiply(BigInteger.valueOf(inputMicrosPerMillion))
                .add(BigInteger.valueOf(outputTokens).multiply(BigInteger.valueOf(outputMicrosPerMillion)));
        return exact.add(MILLION.subtract(BigInteger.ONE))
                .divide(MILLION)
                .min(MOST)
                .longValueExact();
    }
}

package dev.postern.redacting.prompt;

import java.math.BigDecimal;
import java.util.Optional;

/// JSON numbers as the digits that somebody may have meant.
final class Numbers {
    /// A number with fewer digits identifies nobody, and is no password.
    private static final int SHORTEST = 4;
    /// No account number has more digits.
    private static final int LONGEST_PLAIN = 40;

    private Numbers() {}

    static boolean longEnough(String number) {
        return number.length() >= SHORTEST;
    }

    /// The integer without sign, fraction and exponent: `-4.2e3` is `4200`. Empty when it is written so already, is no
    /// integer, or is longer than any account number.
    ///
    /// @throws PromptRefused when its exponent is beyond what can be read
    static Optional<String> plain(String number) throws PromptRefused {
        BigDecimal value;
        try {
            value = new BigDecimal(number).abs().stripTrailingZeros();
        } catch (NumberFormatException | ArithmeticException _) {
            throw new PromptRefused();
        }
        boolean integer = value.scale() <= 0 && value.precision() - (long) value.scale() <= LONGEST_PLAIN;
        return integer ? Optional.of(value.toPlainString()).filter(plain -> !plain.equals(number)) : Optional.empty();
    }
}

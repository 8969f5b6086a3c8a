package dev.postern.cli.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.SecureRandom;
import org.junit.jupiter.api.RepeatedTest;

class CanariesTest {
    @RepeatedTest(50)
    void drawWhenRepeatedThenChecksumsHold() {
        Canaries canaries = Canaries.draw(new SecureRandom());

        assertThat(canaries.card())
                .hasSize(16)
                .satisfies(card -> assertThat(luhn(card) % 10).isZero());
        assertThat(new BigInteger(canaries.iban().substring(4) + "1314"
                                + canaries.iban().substring(2, 4))
                        .mod(BigInteger.valueOf(97)))
                .isEqualTo(BigInteger.ONE);
        assertThat(canaries.iban()).hasSize(22);
        assertThat(canaries.personal())
                .allSatisfy(value -> assertThat(canaries.prompt()).contains(value));
        assertThat(canaries).hasToString("Canaries");
    }

    private static int luhn(String card) {
        int sum = 0;
        for (int i = 0; i < card.length(); i++) {
            int digit = card.charAt(card.length() - 1 - i) - '0';
            sum += i % 2 == 0 ? digit : digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        }
        return sum;
    }
}

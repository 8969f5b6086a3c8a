package dev.postern.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the fuzzer's corpus calls genuine goes through, so that the rest of it fails for its own reasons.
class RelayOffersTest {
    @ParameterizedTest
    @CsvSource({
        "genuine-one, true",
        "genuine-after-a-false-one, true",
        "challenge-too-long, true",
        "turned-payload, false",
        "cut, false",
        "nested, false"
    })
    void listWhenItHasAGenuineRelayThenThatOne(String input, boolean accepted) throws IOException {
        assertThat(RelayOffersFuzzTest.take(octets(input))).isEqualTo(accepted);
    }

    private static byte[] octets(String input) throws IOException {
        String file = "RelayOffersFuzzTestInputs/aListIsRefusedOrLeadsToARelay/" + input;
        try (InputStream in = Objects.requireNonNull(RelayOffersTest.class.getResourceAsStream(file))) {
            return in.readAllBytes();
        }
    }
}

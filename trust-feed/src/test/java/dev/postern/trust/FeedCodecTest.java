package dev.postern.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FeedCodecTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
    private static final FeedMessage MESSAGE = new FeedMessage(
            Parties.DECISIONS,
            new FeedPosition(1_700_000_000_000L, 12),
            NOON,
            List.of(
                    Revocation.of(Revocation.Kind.SESSION, "sid \"1\"", NOON, "stolen"),
                    new PolicyPublished(4, 2, "{\"rules\":[]}"),
                    new KeyStates(9, Map.of("kid", KeyStates.State.COMPROMISED))));

    @Test
    void decodeWhenEncodedThenTheSame() throws FeedRefused {
        assertThat(FeedCodec.decode(FeedCodec.encode(MESSAGE))).isEqualTo(MESSAGE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"v\":1|\"v\":2",
                "\"v\":1|\"v\":\"1\"",
                "\"v\":1|\"v\":1,\"v\":1",
                "\"v\":1|\"v\":1,\"more\":1",
                "\"seq\":12|\"seq\":-1",
                "\"seq\":12|\"seq\":1.5",
                "\"seq\":12|\"seq\":99999999999999999999",
                "\"seq\":12,|` `",
                "\"session\"|\"SESSION\"",
                "\"session\"|\"everything\"",
                "\"revocation\"|\"absolution\"",
                "\"stolen\"|\"Free text.\"",
                "\"reason\"|\"why\"",
                "\"epoch\":4|\"epoch\":1",
                "\"epoch\":4|\"epoch\":null",
                "\"COMPROMISED\"|\"fine\"",
                "\"COMPROMISED\"|1",
                "\"changes\":[|\"changes\":[1,",
                "\"changes\":[|\"changes\":[[[[[[[[[[[["
            })
    void decodeWhenOneThingIsWrongThenRefused(String right, String wrong) {
        String json = new String(FeedCodec.encode(MESSAGE), StandardCharsets.UTF_8);
        assertThat(json).contains(right);
        byte[] broken = json.replace(right, wrong).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> FeedCodec.decode(broken))
                .isInstanceOfSatisfying(
                        FeedRefused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(FeedRefused.Reason.MALFORMED));
    }
}

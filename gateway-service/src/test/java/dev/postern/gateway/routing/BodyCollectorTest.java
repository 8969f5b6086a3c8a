package dev.postern.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;

class BodyCollectorTest {
    private static final int LIMIT = 40_000;

    @ParameterizedTest
    @CsvSource({
        "0,-1,1,true", "1,-1,1,true", "40000,-1,1,true", "40000,40000,7,true", "40000,-1,16384,true",
        "40001,-1,1000,false", "40001,40001,40001,false", "100000,-1,9999,false", "30000,5,1234,true", "0,0,1,true"
    })
    void bodyWhenOfAnyLengthInAnyPiecesThenWholeOrNothing(int length, long announced, int piece, boolean kept) {
        byte[] body = new byte[length];
        for (int i = 0; i < length; i++) {
            body[i] = (byte) i;
        }
        BodyCollector collector = new BodyCollector(LIMIT, announced, new BodyBudget(1 << 20).lease());
        for (int from = 0; from < length; from += piece) {
            byte[] part = Arrays.copyOfRange(body, from, Math.min(length, from + piece));
            collector.add(DefaultDataBufferFactory.sharedInstance.wrap(part));
        }

        assertThat(collector.seen()).isEqualTo(length);
        assertThat(collector.body().isPresent()).isEqualTo(kept);
        collector
                .body()
                .ifPresent(
                        collected -> assertThat(Arrays.equals(collected, body)).isTrue());
    }
}

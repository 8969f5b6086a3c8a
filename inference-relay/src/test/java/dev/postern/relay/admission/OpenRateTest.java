package dev.postern.relay.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OpenRateTest {
    private static final URI ONE = URI.create("spiffe://postern.local/service/gateway-service");
    private static final URI OTHER = URI.create("spiffe://postern.local/operator/cli");

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final OpenRate rate = new OpenRate(10, 3, nanos::get);

    @Test
    void aBurstPassesAndThenTheRate() {
        assertThat(taken(ONE, 5)).isEqualTo(3);
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(200));
        assertThat(taken(ONE, 5)).isEqualTo(2);
    }

    @Test
    void onePeerDoesNotUseUpAnothers() {
        assertThat(taken(ONE, 9)).isEqualTo(3);
        assertThat(taken(OTHER, 9)).isEqualTo(3);
    }

    @Test
    void aLongPauseSavesUpNoMoreThanTheBurst() {
        assertThat(taken(ONE, 3)).isEqualTo(3);
        nanos.addAndGet(TimeUnit.HOURS.toNanos(1));
        assertThat(taken(ONE, 9)).isEqualTo(3);
    }

    private int taken(URI peer, int tries) {
        int taken = 0;
        for (int i = 0; i < tries; i++) {
            taken += rate.tryTake(peer) ? 1 : 0;
        }
        return taken;
    }
}

package dev.postern.sts.singleuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.sts.TestDatabase;
import dev.postern.sts.singleuse.SingleUse.Kind;
import dev.postern.test.MutableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class SingleUseTest {
    private final TestDatabase database = TestDatabase.create();
    private final MutableClock clock = MutableClock.atNoon();
    private final SingleUse singleUse = new SingleUse(database.jdbc(), clock);

    @Test
    void useWhenAgainThenRefused() {
        assertThat(use("client", "id")).isTrue();
        assertThat(use("client", "id")).isFalse();
        assertThat(use("client", "id2")).isTrue();
    }

    @Test
    void useWhenOtherOwnerOrKindThenIndependent() {
        assertThat(use("ab", "c")).isTrue();
        assertThat(use("a", "bc")).isTrue();
        assertThat(singleUse.use(Kind.DPOP_PROOF, "ab", "c", clock.instant())).isTrue();
    }

    @Test
    void useWhenManyRaceThenOneWins() throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> uses = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                uses.add(threads.submit(() -> use("client", "contested")));
            }
            int winners = 0;
            for (Future<Boolean> one : uses) {
                winners += one.get() ? 1 : 0;
            }
            assertThat(winners).isEqualTo(1);
        }
    }

    @Test
    void useWhenTimePassesThenExpiredIdsArePurged() {
        use("client", "old");
        clock.advance(Duration.ofMinutes(7));
        use("client", "new");
        assertThat(database.jdbc()
                        .sql("select count(*) from used_once")
                        .query((row, _) -> row.getInt(1))
                        .single())
                .isEqualTo(1);
    }

    private boolean use(String owner, String id) {
        return singleUse.use(Kind.CLIENT_ASSERTION, owner, id, clock.instant().plusSeconds(300));
    }
}

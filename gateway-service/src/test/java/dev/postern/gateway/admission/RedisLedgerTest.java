package dev.postern.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.redis.RedisLink;
import dev.postern.redis.RedisSettings;
import dev.postern.test.RedisForTests;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(Lifecycle.PER_CLASS)
final class RedisLedgerTest extends LedgerContract {
    private final RedisForTests redis = RedisForTests.start();
    private Path password = Path.of("password");
    private Optional<RedisLink> link = Optional.empty();

    @BeforeAll
    void connect(@TempDir Path home) throws IOException {
        password = Files.writeString(home.resolve("password"), RedisForTests.PASSWORD + "\n");
        link = Optional.of(open(redis));
    }

    @AfterAll
    void disconnect() throws IOException {
        link.ifPresent(RedisLink::close);
        redis.close();
    }

    @Override
    Ledger ledger() {
        return new RedisLedger(link.orElseThrow(), clock, Optional.of(clock));
    }

    @Test
    void takeWhenTheCommandIsRepeatedThenItTakesOnce() {
        Meter meter = requests(10, 1, 1);
        Demand demand = demand("same", meter);

        assertThat(left(join(ledger().take(demand)))).containsExactly(9L);
        assertThat(join(ledger().take(demand)).isAllowed()).isTrue();
        assertThat(left(take("other", meter))).containsExactly(8L);
    }

    @Test
    void takeWhenRedisForgotTheScriptThenItIsSentAgain() {
        commands().scriptFlush();

        assertThat(take("a", requests(1, 1, 1)).isAllowed()).isTrue();
    }

    @Test
    void keysWhenWrittenThenAllExpire() {
        take(
                "a",
                requests(10, 60, 1),
                modelTokens(1000, 1000),
                Meter.places("p", key("places"), 5),
                Meter.day(LimitKind.DAILY_SPEND, "d", key("day"), 5000, 10),
                Meter.life(LimitKind.TOKEN_SPEND, "t", key("life"), 5000, 10, 60_000));

        var keys = commands().keys(key("*"));
        assertThat(keys)
                .hasSize(6)
                .allSatisfy(key -> assertThat(commands().pttl(key))
                        .isBetween(1L, Duration.ofHours(25).toMillis()));
    }

    @Test
    void timeWhenNotGivenThenItIsThatOfRedis() {
        Ledger ledger = new RedisLedger(link.orElseThrow(), clock);
        long before = redisMillis();

        Demand demand = demand("a", requests(10, 60, 1));
        join(ledger.take(demand));

        assertThat(Long.parseLong(commands().get(demand.reservationKey()))).isBetween(before, redisMillis());
    }

    @Test
    void takeWhenRedisIsAwayThenSoIsTheLedgerAtOnce() throws IOException {
        RedisForTests other = RedisForTests.start();
        try (RedisLink gone = open(other)) {
            other.close();
            RedisLedger ledger = new RedisLedger(gone, clock);
            assertThatThrownBy(() -> join(ledger.take(demand("a", requests(1, 1, 1)))))
                    .hasCauseInstanceOf(LedgerAway.class);
        }
    }

    @Test
    void takeWhenRedisIsSlowThenAwayAndWhatWasTakenLateComesBack() throws IOException {
        Meter place = Meter.places("p", key("places"), 1);
        Meter day = Meter.day(LimitKind.DAILY_MODEL_TOKENS, "d", key("day"), 5000, 1000);
        Meter life = Meter.life(LimitKind.TOKEN_SPEND, "t", key("life"), 5000, 1000, 60_000);
        commands().clientPause(1_500);
        Ledger ledger = ledger();
        assertThatThrownBy(() -> join(ledger.take(demand("slow", place, day, life))))
                .hasCauseInstanceOf(LedgerAway.class);
        // Left alone for a moment: it is not waited for again.
        assertThatThrownBy(() -> join(ledger.take(demand("next", place)))).hasCauseInstanceOf(LedgerAway.class);
        clock.advance(Duration.ofSeconds(1));
        while (!link.orElseThrow().isReachable().toCompletableFuture().join()) {
            Thread.onSpinWait();
        }

        Verdict later = join(ledger.take(demand("later", place, probe(day), probe(life))));
        assertThat(later.isAllowed()).isTrue();
        assertThat(left(later)).containsExactly(0L, 5000L, 5000L);
    }

    private RedisLink open(RedisForTests server) {
        RedisLink opened =
                RedisLink.open(new RedisSettings(server.host(), server.port(), password, Duration.ofMillis(500)));
        while (!opened.isReachable().toCompletableFuture().join()) {
            Thread.onSpinWait();
        }
        return opened;
    }

    private RedisCommands<String, String> commands() {
        return link.orElseThrow().connection().orElseThrow().sync();
    }

    private long redisMillis() {
        var time = commands().time();
        return Long.parseLong(time.get(0)) * 1000 + Long.parseLong(time.get(1)) / 1000;
    }
}

package dev.postern.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.gateway.admission.Verdict.Standing;
import dev.postern.test.MutableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every ledger does, the shared one and the local one.
abstract class LedgerContract {
    static final Duration LEASE = Duration.ofSeconds(90);
    static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

    final MutableClock clock = new MutableClock(NOON);
    private String run = "";

    abstract Ledger ledger();

    @BeforeEach
    void beginAtNoon() {
        run = UUID.randomUUID().toString();
        clock.set(NOON);
    }

    @Test
    void takeWhen200RaceForTheBudgetOfOneThenExactlyOneWins() {
        for (Meter one : List.of(
                requests(1, 60, 1),
                Meter.places("l", key("places"), 1),
                Meter.day(LimitKind.DAILY_SPEND, "l", key("day"), 150, 100),
                Meter.life(LimitKind.TOKEN_REQUESTS, "l", key("life"), 1, 1, 60_000))) {
            List<CompletableFuture<Verdict>> all = IntStream.range(0, 200)
                    .mapToObj(n -> ledger().take(demand(one.kind() + "-" + n, one)))
                    .map(CompletionStage::toCompletableFuture)
                    .toList();

            assertThat(all.stream().map(CompletableFuture::join).filter(Verdict::isAllowed))
                    .describedAs("%s", one.kind())
                    .hasSize(1);
        }
    }

    @Test
    void takeWhenOneMeterRefusesThenNothingIsTakenFromTheOthers() {
        Meter plenty = requests(10, 60, 1);
        Meter none = Meter.day(LimitKind.DAILY_REQUESTS, "none", key("none"), 0, 1);

        Verdict refused = take("a", plenty, none);
        assertThat(refused.refusing()).contains(none);
        assertThat(refused.retryMillis()).isEqualTo(Duration.ofHours(12).toMillis());
        assertThat(left(refused)).containsExactly(10L, 0L);
        assertThat(left(take("b", plenty))).containsExactly(9L);
    }

    @Test
    void bucketWhenEmptiedThenItRefillsByItsRateToTheMillisecond() {
        // 7 a minute: one every 8571.43 ms, which no float holds exactly.
        Meter meter = requests(2, 7, 1);
        take("a", meter);
        Verdict last = take("b", meter);
        assertThat(last.standings()).containsExactly(new Standing(meter, 0, 17_143));

        Verdict refused = take("c", meter);
        assertThat(refused.retryMillis()).isEqualTo(8_572);
        clock.advance(Duration.ofMillis(8_571));
        assertThat(take("d", meter).isAllowed()).isFalse();
        clock.advance(Duration.ofMillis(1));
        assertThat(take("e", meter).isAllowed()).isTrue();
        assertThat(take("f", meter).isAllowed()).isFalse();
        clock.advance(Duration.ofHours(5));
        assertThat(left(take("g", meter))).containsExactly(1L);
    }

    @Test
    void bucketWhenBurstIsFarBelowTheRateThenItStillLimits() {
        Meter meter = requests(1, 600, 1);

        assertThat(take("a", meter).isAllowed()).isTrue();
        assertThat(take("b", meter).isAllowed()).isFalse();
        clock.advance(Duration.ofMillis(100));
        assertThat(take("c", meter).isAllowed()).isTrue();
    }

    @Test
    void settleWhenLessWasUsedThenTheRestComesBackOnce() {
        Meter bucket = modelTokens(1000, 1);
        Meter day = Meter.day(LimitKind.DAILY_MODEL_TOKENS, "d", key("day"), 5000, 1000);
        Meter life = Meter.life(LimitKind.TOKEN_SPEND, "t", key("life"), 5000, 1000, 60_000);
        Demand demand = demand("a", bucket, day, life);
        Verdict taken = join(ledger().take(demand));
        assertThat(left(taken)).containsExactly(0L, 4000L, 4000L);

        ledger().settle(demand, new Used(300, 200));
        ledger().settle(demand, new Used(0, 0));

        assertThat(left(take("b", probe(bucket), probe(day), probe(life)))).containsExactly(700L, 4700L, 4800L);
    }

    @Test
    void settleWhenMoreWasUsedThenItIsOwed() {
        Meter bucket = modelTokens(1000, 600);
        Demand demand = demand("a", bucket);
        join(ledger().take(demand));

        ledger().settle(demand, new Used(1500, 0));

        Meter one = Meter.bucket(LimitKind.MODEL_TOKENS, "m", bucket.key(), 1000, 600, 1);
        assertThat(take("b", one).retryMillis()).isEqualTo(50_100);
        clock.advance(Duration.ofMillis(50_100));
        assertThat(take("c", one).isAllowed()).isTrue();
    }

    @Test
    void settleWhenTheDayIsOverThenTheNextDayIsNotTouched() {
        Meter day = Meter.day(LimitKind.DAILY_SPEND, "d", key("day"), 1000, 400);
        Demand before = demand("a", day);
        join(ledger().take(before));
        clock.advance(Duration.ofHours(12));
        // Long leases, so that only the day is over.
        Verdict next = take("b", day);
        assertThat(left(next)).containsExactly(600L);

        ledger().settle(before, Used.NOTHING);

        assertThat(left(take("c", day))).containsExactly(200L);
    }

    @Test
    void placeWhenSettledThenItIsFreeAtOnce() {
        Meter place = Meter.places("p", key("places"), 1);
        Demand first = demand("a", place);
        join(ledger().take(first));
        Verdict refused = take("b", place);
        assertThat(refused.refusing()).contains(place);
        assertThat(refused.retryMillis()).isEqualTo(1000);

        ledger().settle(first, Used.NOTHING);

        assertThat(take("c", place).isAllowed()).isTrue();
    }

    @Test
    void placeWhenItsGatewayDiedThenTheLeaseGivesItBack() {
        Meter place = Meter.places("p", key("places"), 1);
        take("a", place);
        clock.advance(LEASE.minusMillis(1));
        assertThat(take("b", place).isAllowed()).isFalse();

        clock.advance(Duration.ofMillis(1));

        assertThat(take("c", place).isAllowed()).isTrue();
    }

    @Test
    void lifeWhenUsedUpThenWaitingDoesNotHelp() {
        Meter life = Meter.life(
                LimitKind.TOKEN_REQUESTS,
                "t",
                key("life"),
                1,
                1,
                Duration.ofDays(9).toMillis());
        Meter day = Meter.day(LimitKind.DAILY_REQUESTS, "d", key("day"), 1, 1);
        take("a", life, day);

        Verdict refused = take("b", day, life);

        assertThat(refused.refusing()).contains(life);
        assertThat(refused.retryMillis()).isEqualTo(Verdict.NEVER);
    }

    @Test
    void amountsWhenAsLargeAsTheyMayBeThenTheyStayExact() {
        Meter day = Meter.day(LimitKind.DAILY_SPEND, "d", key("day"), Long.MAX_VALUE, 1);
        Meter bucket = modelTokens(Long.MAX_VALUE, Long.MAX_VALUE);
        assertThat(day.limit()).isEqualTo(Meter.MOST);

        for (int i = 1; i <= 3; i++) {
            assertThat(left(take("n" + i, day))).containsExactly(Meter.MOST - i);
        }
        Meter almostAll =
                Meter.bucket(LimitKind.MODEL_TOKENS, "m", bucket.key(), Long.MAX_VALUE, 1, Meter.MOST_IN_BUCKET - 1);
        assertThat(left(take("all", almostAll))).containsExactly(1L);
    }

    Verdict take(String request, Meter... meters) {
        return join(ledger().take(demand(request, meters)));
    }

    Demand demand(String request, Meter... meters) {
        return new Demand(key("r:" + request), request, LEASE, List.of(meters));
    }

    String key(String name) {
        return "postern:adm:{" + run + "}:" + name;
    }

    Meter requests(long burst, long perMinute, long amount) {
        return Meter.bucket(LimitKind.REQUESTS, "r", key("requests"), burst, perMinute, amount);
    }

    Meter modelTokens(long capacity, long perMinute) {
        return Meter.bucket(LimitKind.MODEL_TOKENS, "m", key("tokens"), capacity, perMinute, capacity);
    }

    /// The same meter, asked without taking.
    static Meter probe(Meter meter) {
        return new Meter(
                meter.kind(), meter.name(), meter.key(), meter.limit(), meter.perMinute(), 0, meter.lifeMillis());
    }

    static List<Long> left(Verdict verdict) {
        return verdict.standings().stream().map(Standing::left).toList();
    }

    static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}

package dev.postern.chassis.keys;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Over real mTLS; the reporting thread is the test's.
@SuppressWarnings("NullAway.Init")
final class KeyReportsTest {
    private static final Suspicion SIGN = new Suspicion("token-signing", "key-1", Trigger.RETIRED_SIGNATURE);
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private AskedAuthority rotation;
    private KeyReports reports;

    @BeforeEach
    void open() throws IOException {
        rotation = new AskedAuthority();
        reports = new KeyReports(
                rotation.address(), rotation.client(), new ScheduledThreadPoolExecutor(1), now::get, meters);
    }

    @AfterEach
    void close() {
        reports.close();
        rotation.close();
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
        reports.report();
    }

    private double counted(String outcome) {
        return meters.counter("postern.keys.reports", "trigger", "retired-signature", "outcome", outcome)
                .count();
    }

    @Test
    void whatIsSeenIsReportedWithItsNumberAndTheNewestOfIt() {
        reports.suspect(SIGN, NOON.plusSeconds(5), 1);
        reports.suspect(SIGN, NOON, 2);
        reports.report();
        assertThat(rotation.asked)
                .singleElement()
                .asString()
                .startsWith("POST /v1/keys/token-signing/key-1/suspicions ")
                .contains("\"trigger\":\"retired-signature\"", "\"count\":3")
                .contains("\"made_at\":" + NOON.plusSeconds(5).getEpochSecond());
        assertThat(counted("reported")).isEqualTo(1);
        pass(Duration.ofMinutes(5));
        assertThat(rotation.asked).as("nothing more was seen").hasSize(1);
    }

    /// Honest ones that came when this process was behind must not hide it.
    @Test
    void ofWhatASpareSignedTheOldestIsTold() {
        Suspicion spare = new Suspicion("token-signing", "key-2", Trigger.UNEXPECTED_USE);
        reports.suspect(spare, NOON.plusSeconds(5), 1);
        reports.suspect(spare, NOON, 1);
        reports.suspect(spare, NOON.plusSeconds(9), 1);
        reports.report();
        assertThat(rotation.asked).singleElement().asString().contains("\"made_at\":" + NOON.getEpochSecond());
    }

    @Test
    void aFloodCostsOneReportAMinuteOfEachKeyAndTrigger() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                threads.execute(() -> {
                    for (int sign = 0; sign < 1_000; sign++) {
                        reports.suspect(SIGN, NOON, 1);
                    }
                });
            }
        }
        reports.report();
        assertThat(rotation.asked).singleElement().asString().contains("\"count\":50000");
        for (int second = 1; second < 60; second++) {
            reports.suspect(SIGN, NOON, 1);
            pass(Duration.ofSeconds(1));
        }
        assertThat(rotation.asked).hasSize(1);
        reports.suspect(new Suspicion("token-signing", "key-1", Trigger.UNEXPECTED_USE), NOON, 1);
        reports.suspect(new Suspicion("token-signing", "key-2", Trigger.RETIRED_SIGNATURE), NOON, 1);
        reports.report();
        assertThat(rotation.asked).as("others are others").hasSize(3);
        pass(Duration.ofSeconds(1));
        assertThat(rotation.asked).hasSize(4);
        assertThat(rotation.asked.getLast()).contains("key-1", "\"count\":59");
    }

    @Test
    void whileNobodyAnswersNothingGrowsAndItIsDeliveredAfterwards() {
        rotation.status = 503;
        reports.suspect(SIGN, NOON, 1);
        reports.report();
        int tries = 0;
        for (int second = 0; second < 600; second++) {
            reports.suspect(SIGN, NOON.plusSeconds(second), 1);
            int before = rotation.asked.size();
            pass(Duration.ofSeconds(1));
            tries += rotation.asked.size() - before;
        }
        assertThat(tries).as("with back-off, to half a minute").isBetween(20, 26);
        assertThat(counted("reported")).isZero();
        rotation.status = 200;
        pass(Duration.ofSeconds(30));
        assertThat(counted("reported")).isEqualTo(1);
        assertThat(rotation.asked.getLast()).contains("\"count\":601");
        reports.suspect(SIGN, NOON, 1);
        pass(Duration.ofMinutes(1));
        assertThat(counted("reported")).as("the pause begins anew").isEqualTo(2);
    }

    @Test
    void oneThatIsNeverTakenKeepsNoOtherWaiting() {
        List<Suspicion> asked = new ArrayList<>();
        KeyReports.Recipient refusesTheFirst = (suspicion, _, _) -> {
            asked.add(suspicion);
            now.addAndGet(Duration.ofMillis(1).toNanos());
            return suspicion.equals(asked.getFirst())
                    ? KeyReports.Recipient.Answer.AWAY
                    : KeyReports.Recipient.Answer.TAKEN;
        };
        try (KeyReports fair = new KeyReports(refusesTheFirst, new ScheduledThreadPoolExecutor(1), now::get, meters)) {
            for (int key = 0; key < KeyReports.MOST; key++) {
                fair.suspect(new Suspicion("token-signing", "key-" + key, Trigger.RETIRED_SIGNATURE), NOON, 1);
            }
            fair.report();
            assertThat(asked).as("everybody waits while it may be away").hasSize(1);
            now.addAndGet(Duration.ofSeconds(1).toNanos());
            fair.report();
            assertThat(counted("reported")).isEqualTo(KeyReports.MOST - 1);
            assertThat(asked.getLast()).as("it is said again all the same").isEqualTo(asked.getFirst());
        }
    }

    @Test
    void whileNobodyIsThereTheReportIsKept() {
        rotation.stop();
        reports.suspect(SIGN, NOON, 1);
        reports.report();
        pass(Duration.ofMinutes(1));
        assertThat(counted("reported") + counted("refused") + counted("dropped"))
                .isZero();
    }

    @Test
    void signsOfMoreKeysThanAreKeptAreDroppedAndCounted() {
        rotation.status = 500;
        for (int key = 0; key < KeyReports.MOST + 10; key++) {
            reports.suspect(new Suspicion("token-signing", "key-" + key, Trigger.RETIRED_SIGNATURE), NOON, 1);
        }
        assertThat(counted("dropped")).isEqualTo(10);
        reports.suspect(SIGN, NOON, 1);
        assertThat(counted("dropped")).as("those that are kept are counted").isEqualTo(10);
        rotation.status = 200;
        reports.report();
        assertThat(rotation.asked).hasSize(KeyReports.MOST);
        pass(Duration.ofMinutes(1));
        reports.suspect(new Suspicion("token-signing", "key-new", Trigger.RETIRED_SIGNATURE), NOON, 1);
        assertThat(counted("dropped")).as("there is room again").isEqualTo(10);
    }

    @Test
    void whatIsRefusedIsNotSaidAgain() {
        rotation.status = 403;
        reports.suspect(SIGN, NOON, 1);
        reports.report();
        pass(Duration.ofMinutes(2));
        assertThat(rotation.asked).hasSize(1);
        assertThat(counted("refused")).isEqualTo(1);
    }

    @Test
    void whoeverSeesASignNeverWaits() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        rotation.hold(asked, over);
        reports.suspect(SIGN, NOON, 1);
        Thread reporting = Thread.ofPlatform().start(reports::report);
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        // Returns while the report hangs; the test's own time limit is what it would run into.
        reports.suspect(SIGN, NOON, 1);
        reports.suspect(new Suspicion("token-signing", "key-2", Trigger.RETIRED_SIGNATURE), NOON, 1);
        assertThat(reporting.isAlive()).isTrue();
        over.countDown();
        assertThat(reporting.join(Duration.ofSeconds(10))).isTrue();
        assertThat(rotation.asked).hasSize(2);
    }
}

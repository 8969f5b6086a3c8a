package dev.postern.relay.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.policy.LatencyClass;
import dev.postern.redaction.v1.Request.StepCase;
import dev.postern.relay.redaction.RedactionProperties.Batch;
import dev.postern.relay.request.Caller;
import dev.postern.relay.request.Operation;
import dev.postern.relay.request.RelayRequest;
import dev.postern.relay.rig.FakeRedaction;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What really leaves on the gRPC stream, over mTLS, and when.
@SuppressWarnings("NullAway.Init")
class RedactionStreamTest {
    private static final TrustDomain DOMAIN = new TrustDomain("postern.local");
    private static final Duration TARGET = Duration.ofMillis(20);
    private static final byte[] EVENT = "{\"choices\":[]}".getBytes(StandardCharsets.UTF_8);

    private final SecureRandom random = new SecureRandom();
    private final InMemoryAuthority authority =
            InMemoryAuthority.create("test", Duration.ofDays(1), Clock.systemUTC(), random);
    private final WorkloadIdentity relay = authority.identityOf(DOMAIN.idOf("inference-relay"));
    private final WorkloadIdentity service = authority.identityOf(DOMAIN.idOf("redaction-service"));
    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicLong ahead = new AtomicLong();
    private FakeRedaction redaction;
    private @Nullable RedactionLink link;

    @BeforeEach
    void serve() throws Exception {
        redaction = new FakeRedaction(service, 0);
    }

    @AfterEach
    void stop() {
        if (link != null) {
            link.close();
        }
        redaction.close();
        loop.shutdownNow();
        relay.close();
        service.close();
    }

    private long nanoTime() {
        return System.nanoTime() + ahead.get();
    }

    private void connect(int limit, long maxWaitingBytes) {
        RedactionProperties properties = new RedactionProperties(
                "localhost",
                redaction.port(),
                Duration.ofSeconds(2),
                Duration.ofSeconds(1),
                maxWaitingBytes,
                new Batch(limit, limit, TARGET));
        RedactionLink opened = RedactionLink.open(
                properties, DOMAIN.idOf("redaction-service"), relay, loop, random, meters, this::nanoTime);
        link = opened;
        Awaitility.await().until(opened::isReady);
    }

    /// One exchange and what it hears.
    private final class Heard implements RedactionListener {
        private final List<String> words = new CopyOnWriteArrayList<>();
        private final RedactionExchange exchange = Optional.ofNullable(link)
                .flatMap(open -> open.begin(loop, this))
                .orElseThrow();

        private void prompt(int size) {
            exchange.prompt(
                    new Caller("demo", "acme", "demo", List.of(), "j", "s", "k", Set.of(), Instant.MAX, Instant.MAX, 0),
                    new RelayRequest(
                            Operation.CHAT,
                            "id",
                            Duration.ofSeconds(20),
                            Optional.empty(),
                            Optional.empty(),
                            LatencyClass.INTERACTIVE,
                            Optional.empty(),
                            Optional.of("echo"),
                            true,
                            " ".repeat(size).getBytes(StandardCharsets.UTF_8)),
                    Duration.ofSeconds(20));
        }

        private void event() {
            exchange.event(EVENT);
        }

        private void await(String... expected) {
            Awaitility.await().untilAsserted(() -> assertThat(words).containsExactly(expected));
        }

        @Override
        public void redacted(byte[] body, Map<String, Integer> found) {
            words.add("redacted");
        }

        @Override
        public void restored(List<byte[]> events, boolean last) {
            words.add(last ? "last" : "event");
        }

        @Override
        public void refused(RedactionRefusal reason) {
            words.add(reason.toString());
        }

        @Override
        public void lost() {
            words.add("lost");
        }
    }

    private Heard prompted() {
        Heard heard = new Heard();
        heard.prompt(10);
        heard.await("redacted");
        return heard;
    }

    /// Makes the service work on a prompt until it is released.
    private Heard occupy() {
        redaction.forgetBatches();
        redaction.hold();
        Heard first = new Heard();
        first.prompt(10);
        awaitBatches(1);
        return first;
    }

    private void awaitBatches(int count) {
        Awaitility.await().until(() -> redaction.batches().size() >= count);
    }

    private double waiting(String step) {
        return meters.get("postern.redaction.queue").tag("step", step).gauge().value();
    }

    private static List<StepCase> prompts(int count) {
        return Collections.nCopies(count, StepCase.PROMPT);
    }

    @Test
    void aServiceThatTurnsTheRelayAwayIsNotStormed() {
        connect(8, 1 << 20);

        redaction.turnAway();

        Awaitility.await()
                .pollDelay(Duration.ofSeconds(4))
                .untilAsserted(() -> assertThat(redaction.turnedAway()).isBetween(2, 20));
    }

    @Test
    void whileNothingIsUnderWayEachItemLeavesAtOnceThoughTheLimitIsHigh() {
        connect(64, 1 << 20);
        Heard heard = prompted();
        heard.event();
        heard.await("redacted", "event");
        heard.event();
        heard.await("redacted", "event", "event");
        heard.exchange.endOfEvents();
        heard.await("redacted", "event", "event", "last");
        assertThat(redaction.batches())
                .containsExactly(
                        List.of(StepCase.PROMPT),
                        List.of(StepCase.ANSWER),
                        List.of(StepCase.ANSWER),
                        List.of(StepCase.ANSWER));
    }

    @Test
    void whatComesWhileTheServiceWorksLeavesAsOneBatch() {
        connect(64, 1 << 20);
        Heard first = occupy();
        List<Heard> others = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            others.add(new Heard());
            others.getLast().prompt(10);
        }
        assertThat(waiting("prompt")).isEqualTo(10);
        redaction.release();
        first.await("redacted");
        others.forEach(other -> other.await("redacted"));
        assertThat(redaction.batches()).containsExactly(prompts(1), prompts(10));
        assertThat(waiting("prompt")).isZero();
        assertThat(meters.get("postern.redaction.batch.items")
                        .tag("step", "prompt")
                        .summary()
                        .max())
                .isEqualTo(10);
    }

    @Test
    void aFullBatchIsReadyForTheServiceBeforeItHasAnsweredAndNoMoreThanOne() {
        connect(4, 1 << 20);
        Heard first = occupy();
        List<Heard> others = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            others.add(new Heard());
            others.getLast().prompt(10);
        }
        assertThat(waiting("prompt")).as("one batch of four has left").isEqualTo(6);
        redaction.release();
        first.await("redacted");
        others.forEach(other -> other.await("redacted"));
        assertThat(redaction.batches()).containsExactly(prompts(1), prompts(4), prompts(4), prompts(2));
    }

    @Test
    void eventsDoNotShareABatchWithPromptsNorWaitBehindAQueueOfThem() {
        connect(4, 1 << 20);
        Heard live = prompted();
        occupy();
        List<Heard> others = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            others.add(new Heard());
            others.getLast().prompt(10);
        }
        live.event();
        redaction.release();
        live.await("redacted", "event");
        others.forEach(other -> other.await("redacted"));
        assertThat(redaction.batches().indexOf(List.of(StepCase.ANSWER)))
                .as("behind what the service had, before what waited")
                .isEqualTo(2);
    }

    @Test
    void aLargePromptTravelsAlone() {
        connect(64, 1 << 20);
        Heard first = occupy();
        List<Heard> others = new ArrayList<>();
        for (int size : new int[] {10, 100_000, 10, 10}) {
            others.add(new Heard());
            others.getLast().prompt(size);
        }
        redaction.release();
        first.await("redacted");
        others.forEach(other -> other.await("redacted"));
        assertThat(redaction.batches()).containsExactly(prompts(1), prompts(1), prompts(1), prompts(2));
    }

    @Test
    void whatWaitsIsBoundedAndWhatIsOverIsRefused() {
        connect(64, 2_000);
        Heard first = occupy();
        Heard second = new Heard();
        second.prompt(1_000);
        Heard third = new Heard();
        third.prompt(1_500);
        third.await("OVERLOADED");
        assertThat(waiting("prompt")).isEqualTo(1);
        redaction.release();
        first.await("redacted");
        second.await("redacted");
        Heard fourth = new Heard();
        fourth.prompt(5_000);
        fourth.await("redacted");
        assertThat(redaction.cancels())
                .as("the service never heard of the refused one")
                .isZero();
    }

    @Test
    void aPromptThatNobodyWaitsForAnyMoreIsNotSent() {
        connect(64, 1 << 20);
        Heard first = occupy();
        Heard given = new Heard();
        given.prompt(10);
        given.exchange.cancel();
        redaction.release();
        first.await("redacted");
        prompted();
        assertThat(redaction.batches()).containsExactly(prompts(1), prompts(1));
        assertThat(redaction.cancels()).isZero();
    }

    private List<Heard> threePrompts() {
        List<Heard> three = List.of(new Heard(), new Heard(), new Heard());
        three.forEach(heard -> heard.prompt(10));
        return three;
    }

    @Test
    void aBatchKeepsItsPlaceUntilItIsAnsweredThoughNobodyWaitsForItAnyMore() {
        connect(1, 1 << 20);
        Heard first = occupy();
        Heard second = new Heard();
        second.prompt(10);
        Heard third = new Heard();
        third.prompt(10);
        assertThat(waiting("prompt")).isEqualTo(1);
        first.exchange.giveUp();
        ahead.addAndGet(Duration.ofSeconds(5).toNanos());
        assertThat(waiting("prompt")).as("the service still has two").isEqualTo(1);
        redaction.release();
        second.await("redacted");
        third.await("redacted");
        var took = meters.get("postern.redaction.batch").tag("step", "prompt").timer();
        assertThat(took.count()).as("the late one is told as well").isEqualTo(3);
        assertThat(took.totalTime(TimeUnit.SECONDS))
                .as("its time is its own, not the next one's")
                .isBetween(5.0, 9.0);
    }

    @Test
    void aFullQueueIsNotTakenForASilentService() {
        connect(1, 1 << 20);
        Heard first = occupy();
        Heard second = new Heard();
        second.prompt(10);
        threePrompts().forEach(heard -> heard.exchange.giveUp());
        redaction.release();
        first.await("redacted");
        second.await("redacted");
    }

    @Test
    void aServiceThatAnswersNobodyIsGivenUp() {
        connect(2, 1 << 20);
        Heard live = prompted();
        redaction.forgetBatches();
        redaction.loseNext(3);
        List<Heard> lost = threePrompts();
        awaitBatches(2);
        lost.forEach(heard -> heard.exchange.giveUp());
        live.await("redacted", "lost");
    }

    @Test
    void aServiceThatAnswersOthersIsNotSilent() {
        connect(2, 1 << 20);
        Heard live = prompted();
        redaction.forgetBatches();
        redaction.loseNext(3);
        List<Heard> lost = threePrompts();
        awaitBatches(2);
        live.event();
        live.await("redacted", "event");
        lost.forEach(heard -> heard.exchange.giveUp());
        live.event();
        live.await("redacted", "event", "event");
    }

    @Test
    void aReplyThatNeverComesDoesNotHoldTheOthersUpForEver() {
        connect(64, 1 << 20);
        Heard live = prompted();
        redaction.forgetBatches();
        redaction.loseNext(1);
        Heard lost = new Heard();
        lost.prompt(10);
        awaitBatches(1);
        Heard behind = new Heard();
        behind.prompt(10);
        lost.exchange.giveUp();
        ahead.addAndGet(Duration.ofSeconds(5).toNanos());
        live.event();
        live.await("redacted", "event");
        assertThat(waiting("prompt")).isEqualTo(1);
        ahead.addAndGet(Duration.ofSeconds(2).toNanos());
        live.event();
        live.await("redacted", "event", "lost");
        behind.await("lost");
        Awaitility.await().until(() -> Optional.ofNullable(link).orElseThrow().isReady());
        prompted();
    }

    @Test
    void aStepThatFailsTakesNoOtherWithIt() {
        Lane lane = new Lane(new BatchControl(1, 1, TARGET), new BatchMeters(meters, "prompt"), 1);
        RedactionStream stream = new RedactionStream(new Nobody(), lane, lane, TARGET, System::nanoTime);
        List<String> done = new ArrayList<>();
        stream.act(() -> {
            stream.act(() -> {
                throw new IllegalStateException("of this test");
            });
            stream.act(() -> done.add("next"));
            stream.act(() -> done.add("last"));
        });
        assertThat(done).containsExactly("next", "last");
        assertThat(stream.isReady()).isFalse();
    }
}

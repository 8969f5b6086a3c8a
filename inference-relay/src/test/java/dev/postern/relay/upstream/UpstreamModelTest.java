package dev.postern.relay.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.relay.problem.Failure;
import dev.postern.relay.problem.RequestRefused;
import dev.postern.relay.request.Operation;
import dev.postern.relay.rig.FakeUpstream;
import dev.postern.relay.upstream.UpstreamProperties.Endpoint;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What circuit breakers hear of, and how long a server may take to begin, over real HTTP.
@SuppressWarnings("NullAway.Init")
class UpstreamModelTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final int TRIPS = 10;

    @TempDir
    private Path directory;

    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private FakeUpstream primary;
    private FakeUpstream spare;
    private @Nullable UpstreamModel model;

    @BeforeEach
    void serve() throws Exception {
        primary = new FakeUpstream();
        spare = new FakeUpstream();
    }

    @AfterEach
    void stop() {
        if (model != null) {
            model.close();
        }
        primary.close();
        spare.close();
        loop.shutdownNow();
        threads.shutdownNow();
    }

    private UpstreamProperties properties(Duration responseTimeout, Endpoint... fallbacks) {
        return properties(responseTimeout, Duration.ofMillis(200), fallbacks);
    }

    private UpstreamProperties properties(Duration responseTimeout, Duration patience, Endpoint... fallbacks) {
        return new UpstreamProperties(
                primary.url(),
                null,
                Duration.ofMillis(100),
                responseTimeout,
                patience,
                LONG,
                Duration.ofSeconds(5),
                1 << 20,
                16 << 20,
                "primary",
                List.of(fallbacks));
    }

    private Endpoint spare(@Nullable Path key, Map<String, String> models) {
        return new Endpoint("spare", spare.url(), key, models);
    }

    private UpstreamModel open(UpstreamProperties properties) {
        UpstreamModel opened = new UpstreamModel(properties, new SimpleMeterRegistry(), threads, System::nanoTime);
        model = opened;
        return opened;
    }

    private String state() {
        return Objects.requireNonNull(Objects.requireNonNull(model).states().get("primary"));
    }

    /// One request and what became of it.
    private final class Asked implements UpstreamListener {
        private final CompletableFuture<String> end = new CompletableFuture<>();
        private final CompletableFuture<Void> begun = new CompletableFuture<>();
        /// Set on the loop, before it hears of anything.
        private volatile UpstreamCall call;

        private Asked(String name, Duration deadline) throws Exception {
            this(name, deadline, "{\"model\":\"" + name + "\",\"stream\":true}");
        }

        private Asked(String name, Duration deadline, String body) throws Exception {
            ModelRequest request = new ModelRequest(
                    Operation.CHAT, name, true, body.getBytes(UTF_8), System.nanoTime() + deadline.toNanos());
            loop.submit(() -> call = Objects.requireNonNull(model).start(request, loop, this))
                    .get();
        }

        private String end() throws Exception {
            return end.get(20, TimeUnit.SECONDS);
        }

        private void cancel() throws Exception {
            loop.submit(() -> call.cancel()).get();
        }

        @Override
        public void event(byte[] json) {
            begun.complete(null);
        }

        @Override
        public void paused() {
            call.pull();
        }

        @Override
        public void document(byte[] json) {
            end.complete("document");
        }

        @Override
        public void ended() {
            end.complete("ended by " + call.upstream());
        }

        @Override
        public void failed(Failure failure) {
            end.complete(failure.code().wireName());
        }
    }

    private void trip() throws Exception {
        for (int i = 0; i < TRIPS; i++) {
            assertThat(new Asked("broken", LONG).end()).isEqualTo("upstream-unavailable");
        }
        assertThat(state()).isEqualTo("open");
    }

    /// Asks once the breaker lets somebody through.
    private Asked askOnProbation(String name) {
        return Awaitility.await().ignoreExceptions().until(() -> new Asked(name, LONG), _ -> true);
    }

    private void refused() {
        assertThatThrownBy(() -> new Asked("echo", LONG))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(RequestRefused.class);
    }

    @Test
    void aServerIsWellAgainWhenItBeginsToAnswerNotWhenItHasAnswered() throws Exception {
        open(properties(LONG));
        trip();
        List<Asked> probation = new ArrayList<>(List.of(askOnProbation("patient")));
        probation.add(new Asked("patient", LONG));
        probation.add(new Asked("patient", LONG));
        for (Asked asked : probation) {
            asked.begun.get(10, TimeUnit.SECONDS);
        }
        assertThat(state()).isEqualTo("closed");
        assertThat(probation).noneMatch(asked -> asked.end.isDone());
        primary.goOn();
        for (Asked asked : probation) {
            assertThat(asked.end()).isEqualTo("ended by primary");
        }
    }

    @Test
    void whatBeganBeforeTheProbationGivesItNoPermits() throws Exception {
        open(properties(LONG));
        List<Asked> before = List.of(new Asked("slow", LONG), new Asked("slow", LONG), new Asked("slow", LONG));
        trip();
        Asked first = askOnProbation("slow");
        new Asked("slow", LONG);
        new Asked("slow", LONG);
        refused();
        for (Asked asked : before) {
            asked.cancel();
        }
        refused();
        first.cancel();
        new Asked("slow", LONG);
        refused();
    }

    @Test
    void answersThatBreakOffOpenTheBreakerToo() throws Exception {
        open(properties(LONG));
        // Each counts twice: it began, and it broke off.
        for (int i = 0; i < TRIPS / 2; i++) {
            assertThat(new Asked("truncated", LONG).end()).isEqualTo("upstream-unavailable");
        }
        assertThat(state()).isEqualTo("open");
    }

    @Test
    void aServerThatNeverBeginsIsLeftAtHalfTheTimeAndThatCounts() throws Exception {
        open(properties(LONG, spare(null, Map.of())));
        primary.pretend("slow");
        List<Asked> all = new ArrayList<>();
        for (int i = 0; i < TRIPS; i++) {
            all.add(new Asked("echo", Duration.ofSeconds(4)));
        }
        for (Asked asked : all) {
            assertThat(asked.end()).isEqualTo("ended by spare");
        }
        assertThat(state()).isEqualTo("open");
    }

    @Test
    void theClientsHasteIsNoFaultOfTheServers() throws Exception {
        open(properties(LONG, Duration.ofSeconds(20), spare(null, Map.of())));
        primary.pretend("slow");
        List<Asked> all = new ArrayList<>();
        for (int i = 0; i < TRIPS; i++) {
            all.add(new Asked("echo", Duration.ofSeconds(4)));
        }
        for (Asked asked : all) {
            assertThat(asked.end()).isEqualTo("ended by spare");
        }
        assertThat(state()).isEqualTo("closed");
    }

    @Test
    void aServerThatNobodyCanStandInForHasAllItsTime() throws Exception {
        Duration timeout = Duration.ofMillis(600);
        open(properties(timeout, spare(null, Map.of("other", "other"))));
        primary.pretend("slow");
        long from = System.nanoTime();
        assertThat(new Asked("echo", Duration.ofMillis(800)).end()).isEqualTo("upstream-timeout");
        assertThat(System.nanoTime() - from).isGreaterThanOrEqualTo(timeout.toNanos());
    }

    @Test
    void aStandInThatCannotBeAskedEndsTheRequest() throws Exception {
        open(properties(LONG, spare(null, Map.of("echo", "own"))));
        primary.pretend("503");
        assertThat(new Asked("echo", LONG, "{\"stream\":true}").end()).isEqualTo("internal");
    }

    @Test
    void aStandInThatCannotBeAskedForItsListLeavesNobodyWaiting() throws Exception {
        Path key = Files.writeString(directory.resolve("key"), "no\u0001key");
        UpstreamProperties properties = properties(LONG, spare(key, Map.of()));
        ModelCatalogue catalogue = new ModelCatalogue(open(properties), properties, Clock.systemUTC());
        primary.close();
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> catalogue.fresh().get(10, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(RequestRefused.class);
        }
    }
}

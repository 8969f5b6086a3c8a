package dev.postern.relay.redaction;

import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.policy.LatencyClass;
import dev.postern.relay.redaction.RedactionProperties.Batch;
import dev.postern.relay.request.Caller;
import dev.postern.relay.request.Operation;
import dev.postern.relay.request.RelayRequest;
import dev.postern.relay.rig.FakeRedaction;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/// Steps per second and their latency through the relay's real stream to a stand-in of redaction, over gRPC and mTLS
/// in one process: exchanges of one prompt of 1 KiB and 24 events, four of them on the way at once, each exchange
/// followed by another.
///
/// Guarantee of the figures: none beyond the machine they were measured on; the ratios hold better.
final class BatchBenchmarkMain {
    private static final Duration WARM_UP = Duration.ofSeconds(8);
    private static final Duration MEASURED = Duration.ofSeconds(4);
    private static final int EVENTS = 24;
    private static final int AHEAD = 4;
    private static final int MOST_SAMPLES = 1 << 22;
    private static final TrustDomain DOMAIN = new TrustDomain("postern.local");
    private static final byte[] EVENT =
            "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word \"}}]}".getBytes(StandardCharsets.UTF_8);

    private final RedactionLink link;
    private final ScheduledExecutorService[] loops;
    private final MeterRegistry meters;
    private final RelayRequest request;
    private final Caller caller;
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger samples = new AtomicInteger();
    private final LongAdder steps = new LongAdder();
    private final long[] latencies = new long[MOST_SAMPLES];
    private volatile boolean measuring;
    private volatile boolean stopping;
    private volatile CountDownLatch stopped = new CountDownLatch(1);

    private BatchBenchmarkMain(RedactionLink link, ScheduledExecutorService[] loops, MeterRegistry meters) {
        this.link = link;
        this.meters = meters;
        this.loops = loops;
        byte[] body = ("{\"model\":\"echo\",\"messages\":[{\"role\":\"user\",\"content\":\"" + "word ".repeat(190)
                        + "\"}]}")
                .getBytes(StandardCharsets.UTF_8);
        this.request = new RelayRequest(
                Operation.CHAT,
                "id",
                Duration.ofSeconds(20),
                Optional.empty(),
                Optional.empty(),
                LatencyClass.INTERACTIVE,
                Optional.empty(),
                Optional.of("echo"),
                true,
                body);
        this.caller =
                new Caller("demo", "acme", "demo", List.of(), "j", "s", "k", Set.of(), Instant.MAX, Instant.MAX, 0);
    }

    /// Measures each kind of batch at 1, 32 and 256 exchanges at once.
    ///
    /// @param arguments microseconds of work that the stand-in spends on each item, 0 when absent
    public static void main(String[] arguments) throws Exception {
        long work = arguments.length == 0 ? 0 : Long.parseLong(arguments[0]);
        SecureRandom random = new SecureRandom();
        InMemoryAuthority authority = InMemoryAuthority.create("bench", Duration.ofDays(1), Clock.systemUTC(), random);
        ScheduledExecutorService[] loops = {
            Executors.newSingleThreadScheduledExecutor(), Executors.newSingleThreadScheduledExecutor()
        };
        ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
        try (WorkloadIdentity relay = authority.identityOf(DOMAIN.idOf("inference-relay"));
                WorkloadIdentity service = authority.identityOf(DOMAIN.idOf("redaction-service"));
                FakeRedaction redaction = new FakeRedaction(service, 0)) {
            redaction.workForEachItem(Duration.ofNanos(work * 1000));
            System.out.printf(Locale.ROOT, "%d us of work for each item%n", work);
            System.out.printf(
                    Locale.ROOT,
                    "%-10s %10s %10s %9s %9s %9s%n",
                    "batches",
                    "exchanges",
                    "steps/s",
                    "p50",
                    "p99",
                    "limit");
            for (Map.Entry<String, Batch> kind : kinds().entrySet()) {
                MeterRegistry meters = new SimpleMeterRegistry();
                try (RedactionLink link = open(redaction.port(), kind.getValue(), relay, scheduler, random, meters)) {
                    new BatchBenchmarkMain(link, loops, meters).run(kind.getKey());
                }
            }
        } finally {
            scheduler.shutdownNow();
            for (ScheduledExecutorService loop : loops) {
                loop.shutdownNow();
            }
        }
    }

    private static Map<String, Batch> kinds() {
        Map<String, Batch> kinds = new LinkedHashMap<>();
        kinds.put("one", new Batch(1, 1, Duration.ofMillis(20)));
        kinds.put("sixty-four", new Batch(64, 64, Duration.ofMillis(20)));
        kinds.put("controlled", new Batch(1, 64, Duration.ofMillis(20)));
        return kinds;
    }

    private static RedactionLink open(
            int port,
            Batch batch,
            WorkloadIdentity identity,
            ScheduledExecutorService scheduler,
            SecureRandom random,
            MeterRegistry meters) {
        RedactionProperties properties = new RedactionProperties(
                "localhost", port, Duration.ofSeconds(2), Duration.ofSeconds(1), 32 << 20, batch);
        return RedactionLink.open(
                properties, DOMAIN.idOf("redaction-service"), identity, scheduler, random, meters, System::nanoTime);
    }

    private void run(String kind) throws InterruptedException {
        while (!link.isReady()) {
            Thread.sleep(10);
        }
        load(32, WARM_UP);
        for (int concurrent : new int[] {1, 32, 256}) {
            load(concurrent, Duration.ofSeconds(2));
            samples.set(0);
            steps.reset();
            measuring = true;
            long from = System.nanoTime();
            load(concurrent, MEASURED);
            double seconds = (System.nanoTime() - from) / 1e9;
            measuring = false;
            int count = Math.min(samples.get(), MOST_SAMPLES);
            long[] sorted = Arrays.copyOf(latencies, count);
            Arrays.sort(sorted);
            System.out.printf(
                    Locale.ROOT,
                    "%-10s %10d %10.0f %6.2f ms %6.2f ms %9.0f%n",
                    kind,
                    concurrent,
                    steps.sum() / seconds,
                    sorted[count / 2] / 1e6,
                    sorted[(int) (count * 0.99)] / 1e6,
                    meters.get("postern.redaction.batch.limit")
                            .tag("step", "answer")
                            .gauge()
                            .value());
        }
    }

    private void load(int concurrent, Duration time) throws InterruptedException {
        stopping = false;
        stopped = new CountDownLatch(concurrent);
        running.set(concurrent);
        for (int i = 0; i < concurrent; i++) {
            ScheduledExecutorService loop = loops[i % loops.length];
            loop.execute(() -> new Conversation(loop).begin());
        }
        Thread.sleep(time);
        stopping = true;
        stopped.await();
    }

    /// One exchange after the other, on one loop.
    private final class Conversation implements RedactionListener {
        private final ScheduledExecutorService loop;
        private final long[] asked = new long[AHEAD + 1];
        private RedactionExchange exchange;
        private int sent;
        private int answered;

        @SuppressWarnings("NullAway") // Set by begin(), before anybody else is called.
        private Conversation(ScheduledExecutorService loop) {
            this.loop = loop;
        }

        private void begin() {
            sent = 0;
            answered = 0;
            exchange = link.begin(loop, this).orElseThrow();
            asked[AHEAD] = System.nanoTime();
            exchange.prompt(caller, request, request.deadline());
        }

        private void send() {
            asked[sent % AHEAD] = System.nanoTime();
            sent++;
            if (sent < EVENTS) {
                exchange.event(EVENT);
            } else {
                exchange.endOfEvents();
            }
        }

        private void note(long since) {
            if (measuring) {
                steps.increment();
                int index = samples.getAndIncrement();
                if (index < MOST_SAMPLES) {
                    latencies[index] = System.nanoTime() - since;
                }
            }
        }

        @Override
        public void redacted(byte[] body, Map<String, Integer> found) {
            note(asked[AHEAD]);
            for (int i = 0; i < AHEAD; i++) {
                send();
            }
        }

        @Override
        public void restored(List<byte[]> events, boolean last) {
            note(asked[answered % AHEAD]);
            answered++;
            if (!last) {
                if (sent < EVENTS) {
                    send();
                }
            } else if (stopping) {
                stopped.countDown();
            } else {
                begin();
            }
        }

        @Override
        public void refused(RedactionRefusal reason) {
            throw new IllegalStateException(reason.toString());
        }

        @Override
        public void lost() {
            throw new IllegalStateException("lost");
        }
    }
}

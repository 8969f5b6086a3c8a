package dev.postern.cli.bench;

import dev.postern.cli.admin.AdminClient;
import dev.postern.cli.admin.TemporaryClient;
import dev.postern.cli.edge.ChatRequests;
import dev.postern.cli.edge.LiveStream;
import dev.postern.cli.home.ClientDocument;
import dev.postern.cli.home.ClientKeys;
import dev.postern.cli.operator.PlatformHttp;
import dev.postern.cli.platform.PlatformService;
import dev.postern.cli.platform.PlatformSettings;
import dev.postern.cli.terminal.Failure;
import dev.postern.cli.terminal.Progress;
import dev.postern.cli.token.TokenClient;
import dev.postern.cli.token.TokenRequest;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLContext;
import tools.jackson.databind.json.JsonMapper;

/// Many live streams, each on a token and a session of its own; one revocation of their client ends all of them.
final class RevocationBench {
    /// What a gateway with usual settings holds at once: eight sessions to the relay of 256 streams each, with room for
    /// the delay until the last of them is open.
    private static final int AT_ONCE = 1000;
    private static final int OPENING_AT_ONCE = 32;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LONGEST_END = Duration.ofSeconds(15);
    /// A hundred pieces, and the simulator takes three seconds for each: the streams live as long as their tokens, and
    /// cost next to nothing.
    private static final String LONG = "on and on ".repeat(40);
    private static final String FAULTS = "{\"piece_delay_ms\":3000}";

    private final PlatformSettings settings;
    private final SSLContext tls;
    private final Clock clock;
    private final SecureRandom random;
    private final Progress progress;
    private final JsonMapper json = new JsonMapper();

    RevocationBench(PlatformSettings settings, SSLContext tls, Clock clock, SecureRandom random, Progress progress) {
        this.settings = settings;
        this.tls = tls;
        this.clock = clock;
        this.random = random;
        this.progress = progress;
    }

    RevocationFigure run(int streams) throws InterruptedException {
        Latencies all = new Latencies();
        int left = streams;
        for (int round = 1; left > 0; round++) {
            int now = Math.min(left, AT_ONCE);
            round(now, all);
            progress.detail("round " + round + ": " + now + " streams revoked");
            left -= now;
        }
        return new RevocationFigure(
                streams, all.percentile(0.50), all.percentile(0.99), all.percentile(1.0), streams - all.count());
    }

    private void round(int streams, Latencies latencies) throws InterruptedException {
        URI issuer = settings.ports().endpoint(PlatformService.TOKEN);
        URI faults = settings.ports().simulatorEndpoint().resolve("/_faults");
        String name = "bench-" + Long.toString(clock.millis(), Character.MAX_RADIX);
        try (PlatformHttp http = new PlatformHttp(tls);
                TokenClient tokens = new TokenClient(issuer, tls, clock);
                AdminClient admin =
                        new AdminClient(issuer, tls, new ClientKeys(settings.home(), "security"), clock, random)) {
            TemporaryClient client = TemporaryClient.register(admin, ClientDocument.application(name, "bench"), random);
            http.post(faults, json.readTree(FAULTS));
            try {
                measure(open(streams, http, tokens, client), admin, name, latencies);
            } finally {
                http.delete(faults);
                client.remove();
            }
        }
    }

    private List<LiveStream> open(int streams, PlatformHttp http, TokenClient tokens, TemporaryClient client)
            throws InterruptedException {
        progress.detail("opening " + streams + " streams");
        ChatRequests requests = new ChatRequests(settings.ports().endpoint(PlatformService.GATEWAY));
        TokenRequest request = client.request("llm:invoke", TokenRequest.GATEWAY);
        Semaphore slots = new Semaphore(OPENING_AT_ONCE);
        List<LiveStream> open = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<LiveStream>> opening = new ArrayList<>();
            for (int i = 0; i < streams; i++) {
                opening.add(executor.submit(() -> {
                    slots.acquire();
                    try {
                        return LiveStream.open(
                                http.client(),
                                ChatRequests.bearing(tokens.fetch(request), requests.streamed(ChatRequests.SMALL, LONG))
                                        .timeout(PATIENCE));
                    } finally {
                        slots.release();
                    }
                }));
            }
            for (Future<LiveStream> one : opening) {
                open.add(one.get());
            }
        } catch (ExecutionException e) {
            open.forEach(LiveStream::close);
            if (e.getCause() instanceof Failure failure) {
                throw new Failure(open.size() + " streams are open, the next is not: " + failure.getMessage(), e);
            }
            throw new Failure("A stream could not be opened.", e);
        }
        return open;
    }

    private void measure(List<LiveStream> streams, AdminClient admin, String client, Latencies latencies)
            throws InterruptedException {
        try {
            for (LiveStream stream : streams) {
                if (!stream.awaitAlive(PATIENCE)) {
                    throw new Failure("A stream ended before the revocation.");
                }
            }
            admin.prepare("POST", "/revocations");
            long asked = System.nanoTime();
            var _ = admin.post(
                    "/revocations",
                    json.createObjectNode()
                            .put("kind", "client")
                            .put("value", client)
                            .put("reason", "bench"));
            long deadline = asked + LONGEST_END.toNanos();
            for (LiveStream stream : streams) {
                if (stream.awaitEnd(Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime())))) {
                    latencies.add((stream.endNanos() - asked) / 1000);
                }
            }
        } finally {
            streams.forEach(LiveStream::close);
        }
    }
}

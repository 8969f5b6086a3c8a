package dev.postern.gateway.admission;

import dev.postern.gateway.admission.AdmissionProperties.WhenAway;
import dev.postern.gateway.api.Operation;
import dev.postern.gateway.api.RequestBody;
import dev.postern.policy.Limit;
import dev.postern.policy.Price;
import dev.postern.redis.RedisLink;
import dev.postern.redis.RedisSettings;
import dev.postern.test.RedisForTests;
import dev.postern.token.AccessToken;
import dev.postern.token.TokenUse;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.springframework.http.HttpHeaders;

/// What admission takes beside a bare PING of the same Redis, one call after the other: with a policy of two limits
/// and eight meters, everything from the parsed request to the headers of the answer.
///
/// Guarantee of the figures: none beyond the machine they were measured on; the ratio to PING holds better.
final class AdmissionBenchmarkMain {
    private static final int WARM_UP = 30_000;
    private static final int CALLS = 30_000;
    private static final int ROUNDS = 3;

    private AdmissionBenchmarkMain() {}

    public static void main(String[] arguments) throws IOException {
        Path password = Files.writeString(Files.createTempFile("postern", "password"), RedisForTests.PASSWORD);
        try (RedisForTests redis = RedisForTests.start();
                RedisLink link = RedisLink.open(
                        new RedisSettings(redis.host(), redis.port(), password, Duration.ofSeconds(2)))) {
            while (!link.isReachable().toCompletableFuture().join()) {
                Thread.onSpinWait();
            }
            measure(link);
        }
    }

    private static void measure(RedisLink link) {
        RedisAsyncCommands<String, String> commands =
                link.connection().orElseThrow().async();
        Admission admission = admission(link);
        AccessToken token = token();
        RequestBody body = RequestBody.parse(
                Operation.CHAT_COMPLETIONS,
                "{\"model\":\"simulator-small\",\"max_tokens\":100,\"messages\":[]}".getBytes(StandardCharsets.UTF_8));
        IntConsumer ping = _ -> commands.ping().toCompletableFuture().join();
        IntConsumer admit = n -> {
            Ticket ticket = admission.ticket("request-" + n, token, Operation.CHAT_COMPLETIONS, body);
            ticket.admit(new HttpHeaders(), Runnable::run).block();
            ticket.close();
        };
        run(ping, 0, WARM_UP);
        run(admit, 0, WARM_UP);
        commands.configResetstat().toCompletableFuture().join();
        run(admit, WARM_UP, 1000);
        System.out.println("Redis, for 1000 requests admitted and settled: " + scripts(commands));
        for (int round = 1; round <= ROUNDS; round++) {
            print("PING", run(ping, 0, CALLS));
            print("admission", run(admit, (round + 1) * CALLS, CALLS));
        }
    }

    /// How often the script ran, and for how long.
    private static String scripts(RedisAsyncCommands<String, String> commands) {
        return commands.info("commandstats")
                .toCompletableFuture()
                .join()
                .lines()
                .filter(line -> line.startsWith("cmdstat_eval"))
                .collect(Collectors.joining(" "));
    }

    private static long[] run(IntConsumer call, int first, int calls) {
        long[] nanos = new long[calls];
        for (int i = 0; i < calls; i++) {
            long begun = System.nanoTime();
            call.accept(first + i);
            nanos[i] = System.nanoTime() - begun;
        }
        Arrays.sort(nanos);
        return nanos;
    }

    private static void print(String what, long[] sorted) {
        System.out.printf(
                Locale.ROOT,
                "%-10s p50 %6.1f us  p90 %6.1f us  p99 %7.1f us%n",
                what,
                sorted[sorted.length / 2] / 1e3,
                sorted[sorted.length * 9 / 10] / 1e3,
                sorted[sorted.length * 99 / 100] / 1e3);
    }

    private static Admission admission(RedisLink link) {
        Clock clock = Clock.systemUTC();
        OptionalLong plenty = OptionalLong.of(1_000_000_000L);
        Limit ofClient = new Limit(
                "client",
                "acme",
                "*",
                "*",
                Limit.Per.CLIENT,
                plenty,
                plenty,
                plenty,
                plenty,
                plenty,
                OptionalLong.empty(),
                OptionalLong.empty());
        Limit ofTenant = new Limit(
                "tenant",
                "acme",
                "*",
                "*",
                Limit.Per.TENANT,
                plenty,
                plenty,
                plenty,
                OptionalLong.empty(),
                plenty,
                plenty,
                OptionalLong.empty());
        LimitSource limits = new LimitSource() {
            @Override
            public List<Limit> limitsFor(String tenant, String client, String model) {
                return List.of(ofClient, ofTenant);
            }

            @Override
            public boolean isLimited(String tenant, String client) {
                return true;
            }

            @Override
            public Optional<Price> priceOf(String model) {
                return Optional.of(new Price("*", 150_000, 600_000));
            }
        };
        return new Admission(
                new RedisLedger(link, clock),
                new LocalLedger(clock),
                new Demands(clock, Duration.ofSeconds(155)),
                limits,
                new AdmissionProperties(WhenAway.REFUSE, 1, 3, 4096, true),
                new LastQuotas(clock),
                new AdmissionMeters(new SimpleMeterRegistry()),
                (_, _) -> {});
    }

    private static AccessToken token() {
        Instant now = Instant.now();
        return new AccessToken(
                "token-1",
                "key-1",
                TokenUse.INFERENCE,
                "session-1",
                "demo",
                "demo",
                "acme",
                List.of(),
                Set.of(),
                Set.of("llm:invoke"),
                Set.of("urn:postern:gateway"),
                now,
                now.plusSeconds(300),
                1,
                AccessToken.Binding.NONE,
                List.of(),
                OptionalInt.empty());
    }
}

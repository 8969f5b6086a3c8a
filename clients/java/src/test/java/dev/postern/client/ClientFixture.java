package dev.postern.client;

import dev.postern.session.ProofKey;
import dev.postern.session.Suite;
import dev.postern.testrelay.TestGateway;
import dev.postern.testrelay.TestStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;

/// A client and the gateway that it talks to, over real sockets.
abstract class ClientFixture {
    static final Settings QUICK = Settings.DEFAULT.withDelays(Duration.ofMillis(2), Duration.ofMillis(10));

    static final Settings UNHURRIED = QUICK.withDelays(Duration.ofHours(1), Duration.ofHours(1));

    final TestGateway gateway = new TestGateway(Suite.X_WING);
    final BlockingQueue<TestStream> arrived = new LinkedBlockingQueue<>();
    PosternClient client = client(QUICK);

    @AfterEach
    void close() {
        client.close();
        gateway.close();
    }

    TestStream arrived() throws InterruptedException {
        TestStream stream = arrived.poll(10, TimeUnit.SECONDS);
        if (stream == null) {
            throw new AssertionError("no request reached the relay");
        }
        return stream;
    }

    static Request chat(String body) {
        return Request.of(Request.CHAT, body.getBytes(StandardCharsets.UTF_8));
    }

    PosternClient client(Settings settings) {
        return builder(settings).build();
    }

    PosternClient.Builder builder(Settings settings) {
        return builder(gateway, settings);
    }

    static PosternClient.Builder builder(TestGateway to, Settings settings) {
        return builder(to, settings, Clock.systemUTC());
    }

    static PosternClient.Builder builder(TestGateway to, Settings settings, Clock clock) {
        return builder(to.address(), clock)
                .settings(settings)
                .anchors(List.of(to.anchor()))
                .tls(to.clientTls());
    }

    static PosternClient.Builder builder(URI address, Clock clock) {
        return PosternClient.builder(address, clock, new SecureRandom())
                .client("demo", "acme")
                .tokens(new FixedTokens(clock));
    }

    /// The system's clock, set ahead.
    static final class SetClock extends Clock {
        private final AtomicReference<Duration> ahead;

        SetClock(AtomicReference<Duration> ahead) {
            this.ahead = ahead;
        }

        @Override
        public Instant instant() {
            return Clock.systemUTC().instant().plus(ahead.get());
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    static class FixedTokens implements TokenSource {
        private final Clock clock;

        FixedTokens(Clock clock) {
            this.clock = clock;
        }

        @Override
        public Token gateway() throws IOException, InterruptedException {
            return new Token(TestGateway.TOKEN, clock.instant().plusSeconds(600));
        }

        @Override
        public Token relay(ProofKey key) {
            return new Token(
                    "relay-token-for-" + key.thumbprint(), clock.instant().plusSeconds(600));
        }
    }
}

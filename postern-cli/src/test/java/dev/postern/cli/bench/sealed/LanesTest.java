package dev.postern.cli.bench.sealed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.cli.bench.sealed.Talk.Heard;
import dev.postern.cli.terminal.Failure;
import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway.Init")
class LanesTest {
    private static final Duration SHORT = Duration.ofMillis(600);

    private final EventLoopGroup loops = group();
    private EchoServer server;
    private SslContext client;

    private static EventLoopGroup group() {
        return new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    }

    @BeforeEach
    void start() throws Exception {
        InMemoryAuthority authority =
                InMemoryAuthority.create("test", Duration.ofDays(1), Clock.systemUTC(), new SecureRandom());
        try (WorkloadIdentity identity =
                authority.identityOf(new TrustDomain("postern.local").idOf("inference-relay"))) {
            server = EchoServer.start(
                    SslContextBuilder.forServer(identity.keyManager()).build(), group());
        }
        client = SslContextBuilder.forClient()
                .trustManager(authority.certificate())
                .endpointIdentificationAlgorithm(null)
                .build();
    }

    @AfterEach
    void stop() {
        server.close();
        var _ = loops.shutdownGracefully();
    }

    @Test
    void questionsAreKeptOpenAndCounted() throws Exception {
        try (Lanes lanes = open(server.address(), 4, () -> new BareEcho(new byte[100]))) {
            Lane.Tally tally = lanes.saturate(2, SHORT);
            assertThat(tally.failed()).isZero();
            assertThat(tally.latencies().count()).isGreaterThan(8);
            assertThat(tally.parts()).isEqualTo(tally.latencies().count());
        }
    }

    @Test
    void aPaceIsKeptAndEndsWithItsRound() throws Exception {
        try (Lanes lanes = open(server.address(), 4, () -> new BareEcho(new byte[100]))) {
            assertThat(lanes.pace(100, SHORT).latencies().count()).isBetween(10, 60);
            // A first round that went on would add some sixty.
            assertThat(lanes.pace(10, SHORT).latencies().count()).isLessThan(30);
        }
    }

    @Test
    void anAnswerThatIsNoneIsAFailure() throws Exception {
        Refused talk = new Refused();
        try (Lanes lanes = open(server.address(), 1, () -> talk)) {
            Lane.Tally tally = lanes.saturate(2, SHORT);
            // Each counts once and makes room for the next.
            assertThat(tally.failed()).isEqualTo(talk.questions().get()).isGreaterThan(4);
            assertThat(tally.latencies().count()).isZero();
            assertThat(tally.parts()).isZero();
        }
    }

    @Test
    void aQuestionThatIsRefusedEndsItsRound() throws Exception {
        try (Lanes lanes = open(server.address(), 3, Refused::new)) {
            Lane.Tally roll = lanes.callTheRoll();
            assertThat(roll.failed()).isEqualTo(3);
            assertThat(roll.latencies().count()).isZero();
            // Nothing of it is left for another round.
            assertThat(lanes.callTheRoll().failed()).isEqualTo(3);
        }
    }

    @Test
    void aQuestionWithoutAnAnswerIsAFailure() throws Exception {
        try (Lanes lanes = open(server.address(), 2, () -> new Deaf(new Heard.Other()))) {
            Lane.Tally tally = lanes.saturate(3, SHORT);
            assertThat(tally.failed()).isEqualTo(6);
            assertThat(tally.latencies().count()).isZero();
        }
    }

    @Test
    void theRollIsCalledOnceWhateverWasAskedBefore() throws Exception {
        try (Lanes lanes = open(server.address(), 3, () -> new BareEcho(new byte[100]))) {
            lanes.keepAlive(Duration.ofMillis(1));
            Lane.Tally roll = lanes.callTheRoll();
            assertThat(roll.latencies().count()).isEqualTo(3);
            assertThat(roll.failed()).isZero();
        }
    }

    @Test
    void aConnectionThatEndsIsAFailure() throws Exception {
        byte[] longerThanAServerTakes = new byte[70_000];
        try (Lanes lanes = open(server.address(), 2, () -> new BareEcho(longerThanAServerTakes))) {
            assertThat(lanes.saturate(1, SHORT).failed()).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    void whereNobodyListensIsSaid() {
        assertThatThrownBy(() -> open(URI.create("wss://localhost:1/"), 1, () -> new BareEcho(new byte[1])))
                .isInstanceOf(Failure.class);
    }

    private Lanes open(URI address, int connections, Supplier<Talk> talk) throws Exception {
        return Lanes.open(
                new Lanes.Place(address, client, "", SHORT),
                Stream.generate(talk).limit(connections).toList(),
                loops);
    }

    /// Takes whatever it hears for the refusal of the next question.
    private record Refused(AtomicInteger questions, AtomicInteger refusals) implements Talk {
        Refused() {
            this(new AtomicInteger(), new AtomicInteger());
        }

        @Override
        public byte[] greeting() {
            return new byte[0];
        }

        @Override
        public void greeted(byte[] answer) {}

        @Override
        public Question ask() {
            return new Question(questions.incrementAndGet(), List.of(new byte[10]));
        }

        @Override
        public Heard hear(byte[] message) {
            return new Heard.Bad(refusals.incrementAndGet());
        }
    }

    /// Takes whatever it hears for the same thing.
    private record Deaf(Heard heard, AtomicInteger questions) implements Talk {
        Deaf(Heard heard) {
            this(heard, new AtomicInteger());
        }

        @Override
        public byte[] greeting() {
            return new byte[0];
        }

        @Override
        public void greeted(byte[] answer) {}

        @Override
        public Question ask() {
            return new Question(questions.incrementAndGet(), List.of(new byte[10]));
        }

        @Override
        public Heard hear(byte[] message) {
            return heard;
        }
    }
}

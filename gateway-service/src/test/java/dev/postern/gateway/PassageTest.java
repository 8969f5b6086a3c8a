package dev.postern.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.postern.gateway.SealedClient.Offer;
import dev.postern.gateway.platform.FakeStream;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a sealed session's messages may cost the gateway: an end that does not read stops the other, and no message is
/// longer than the protocol's longest.
class PassageTest extends SealedFixture {
    private static final int LONGEST = 64 * 1024;
    private static final int FRAME = 16 * 1024;
    /// More than the buffers of four sockets, and of the few messages that are on their way in between.
    private static final int ON_THE_WAY = 64 << 20;
    /// A connection's TLS and upgrade, and whatever else goes on; next to nothing of a tebibyte.
    private static final long NO_PART_OF_IT = 64 << 20;

    private static final String TEXT = "x".repeat(8_200);

    @Test
    void answerWhenItsClientDoesNotReadThenTheRelayStopsAndThenGoesOn() throws Exception {
        model(streams::add);
        try (SealedClient sealed = open(PLATFORM.tokens().good())) {
            sealed.stopReading();
            sealed.ask("{}");
            FakeStream stream = next();
            AtomicLong sent = new AtomicLong();
            stream.flood(PassageTest::event, sent);

            long standing = standsStill(sent);
            sealed.goOnReading();

            for (long n = 0; n < standing + 500; n++) {
                assertThat(sealed.heard()).startsWith("{\"n\":" + n + ",");
            }
            assertThat(sent.get()).isGreaterThan(standing);
        }
    }

    @Test
    void questionsWhenTheRelayDoesNotReadThenTheClientStopsAndThenGoesOn() throws Exception {
        try (SealedClient sealed = open(PLATFORM.tokens().good())) {
            Runnable goOnReading = relay().stopReading();
            AtomicBoolean more = new AtomicBoolean(true);
            AtomicLong sent = new AtomicLong();
            // Nothing that a relay understands, and everything that a gateway passes on.
            Thread pouring = sealed.pour(new byte[FRAME], more::get, sent);
            long standing;
            try {
                standing = standsStill(sent);
            } finally {
                goOnReading.run();
            }

            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> sent.get() > standing + 500);
            more.set(false);
            pouring.join();
            sealed.ask("{}");
            assertThat(sealed.heard()).isEqualTo("{\"n\":1}");
        }
    }

    @Test
    void messageWhenAsLongAsTheLongestThenPassed() throws Exception {
        try (SealedClient sealed = open(PLATFORM.tokens().good())) {
            sealed.send(new byte[LONGEST]);
            sealed.sendPart(new byte[LONGEST / 2], false);
            sealed.sendPart(new byte[LONGEST / 2], true);

            sealed.ask("{}");
            assertThat(sealed.heard()).isEqualTo("{\"n\":1}");
        }
    }

    @Test
    void messageWhenInPartsAndLongerThanTheLongestThenClosed() throws Exception {
        try (SealedClient sealed = open(PLATFORM.tokens().good())) {
            sealed.sendPart(new byte[LONGEST], false);
            sealed.sendPart(new byte[1], true);

            assertThat(sealed.closed()).succeedsWithin(SOON).asString().startsWith("1009");
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {LONGEST + 1, 1L << 40})
    void messageWhenItPromisesMoreThanTheLongestThenClosedAtOnceAndNothingIsSetAsideForIt(long length)
            throws Exception {
        String token = PLATFORM.tokens().good();
        String key;
        try (SealedClient any = new SealedClient(PLATFORM)) {
            Offer offer = any.offer(relays(token).getFirst());
            key = offer.keyId();
        }
        try (RawClient raw = new RawClient(PLATFORM.clientTls(), port)) {
            raw.send(upgrade(key, token, ""));
            assertThat(raw.head()).startsWith("HTTP/1.1 101");
            long before = allocated();
            // One final binary message, masked.
            raw.send(new String(
                    ByteBuffer.allocate(14)
                            .put((byte) 0x82)
                            .put((byte) (0x80 | 127))
                            .putLong(length)
                            .putInt(0)
                            .array(),
                    StandardCharsets.ISO_8859_1));

            ByteBuffer answer = ByteBuffer.wrap(raw.in().readAllBytes());

            assertThat(answer.get()).as("a close frame").isEqualTo((byte) 0x88);
            assertThat((int) answer.get()).isGreaterThanOrEqualTo(2);
            assertThat((int) answer.getShort()).isEqualTo(1009);
            assertThat(allocated() - before).isLessThan(NO_PART_OF_IT);
        }
    }

    /// It would be read, and thrown away, for as long as a request may take.
    @ParameterizedTest
    @ValueSource(strings = {"Transfer-Encoding: chunked\r\n", "Content-Length: 1000000000000\r\n"})
    void upgradeWhenItAnnouncesABodyThenRefusedAndNoneIsRead(String header) throws Exception {
        try (RawClient raw = new RawClient(PLATFORM.clientTls(), port)) {
            raw.send(upgrade("x", PLATFORM.tokens().good(), header));

            assertThat(raw.head()).startsWith("HTTP/1.1 400");
        }
    }

    private String upgrade(String key, String token, String header) {
        return "GET /ssp1?key_id=" + key + " HTTP/1.1\r\nHost: localhost:" + port
                + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: ssp1\r\n"
                + "Authorization: Bearer " + token + "\r\n" + header + "\r\n";
    }

    private static String event(long n) {
        return "{\"n\":" + n + ",\"text\":\"" + TEXT + "\"}";
    }

    /// How many messages had left when no more did.
    private static long standsStill(AtomicLong sent) {
        AtomicLong last = new AtomicLong(-1);
        Awaitility.await()
                .pollInterval(Duration.ofMillis(700))
                .atMost(Duration.ofSeconds(30))
                .until(() -> sent.get() > 0 && last.getAndSet(sent.get()) == sent.get());
        assertThat(last.get() * FRAME).as("octets on their way").isLessThan(ON_THE_WAY);
        return last.get();
    }

    /// By all threads so far, and what Netty holds outside the heap.
    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getTotalThreadAllocatedBytes() + PlatformDependent.usedDirectMemory();
    }
}

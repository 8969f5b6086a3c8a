package dev.postern.rotation.authority;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.rotation.authority.JoinTokens.Refusal;
import dev.postern.test.MutableClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JoinTokensTest {
    private final MutableClock clock = MutableClock.atNoon();

    @TempDir
    Path directory;

    @BeforeEach
    void admit() throws Exception {
        write("a-token", "token-service", "2026-11-23T12:10:00Z");
    }

    private Path write(String token, String service, String expiresAt) throws Exception {
        String hash = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        return Files.writeString(
                directory.resolve(hash + ".json"),
                "{\"service\":\"" + service + "\",\"expires_at\":\"" + expiresAt + "\"}");
    }

    private JoinTokens tokens() {
        return new JoinTokens(directory, clock);
    }

    @Test
    void tokenAdmitsItsServiceOnce() throws Exception {
        tokens().check("a-token", "token-service").use();

        assertRefused(Refusal.UNKNOWN, () -> tokens().check("a-token", "token-service"));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void checkingDoesNotUse() throws Exception {
        var _ = tokens().check("a-token", "token-service");
        tokens().check("a-token", "token-service").use();
    }

    @Test
    void ofManySimultaneousUsesOneSucceeds() {
        AtomicInteger admitted = new AtomicInteger();
        AtomicInteger refused = new AtomicInteger();
        CountDownLatch start = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 64; i++) {
                threads.execute(() -> {
                    try {
                        JoinTokens.Ticket ticket = tokens().check("a-token", "token-service");
                        start.await();
                        ticket.use();
                        admitted.incrementAndGet();
                    } catch (JoinTokens.Refused | InterruptedException _) {
                        refused.incrementAndGet();
                    }
                });
            }
            start.countDown();
        }
        assertThat(admitted).hasValue(1);
        assertThat(refused).hasValue(63);
    }

    @Test
    void expiredTokenIsRefusedAndRemoved() {
        clock.advance(Duration.ofMinutes(10));

        assertRefused(Refusal.EXPIRED, () -> tokens().check("a-token", "token-service"));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void tokenOfAnotherServiceIsRefusedAndStaysGoodForItsOwn() throws Exception {
        assertRefused(Refusal.OTHER_SERVICE, () -> tokens().check("a-token", "audit-service"));
        tokens().check("a-token", "token-service").use();
    }

    @Test
    void guessesAndPathsAreUnknown() {
        for (String guess : new String[] {"", "b-token", "../a-token", "x".repeat(513), "\u0000"}) {
            assertRefused(Refusal.UNKNOWN, () -> tokens().check(guess, "token-service"));
        }
    }

    @Test
    void brokenGrantAdmitsNobody() throws Exception {
        for (String broken : new String[] {"", "{}", "{\"service\":\"token-service\"}", "[]", "{\"service\":1"}) {
            Files.writeString(write("broken", "token-service", "2026-11-23T12:10:00Z"), broken);
            assertRefused(Refusal.UNKNOWN, () -> tokens().check("broken", "token-service"));
        }
    }

    @Test
    void missingDirectoryAdmitsNobody() throws IOException {
        JoinTokens none = new JoinTokens(directory.resolve("none"), clock);
        assertRefused(Refusal.UNKNOWN, () -> none.check("a-token", "token-service"));
    }

    private static void assertRefused(Refusal refusal, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        JoinTokens.Refused.class, e -> assertThat(e.refusal()).isEqualTo(refusal));
    }
}

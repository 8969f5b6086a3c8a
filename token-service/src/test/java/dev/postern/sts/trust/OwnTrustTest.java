package dev.postern.sts.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.postern.identity.InMemoryAuthority;
import dev.postern.identity.TrustDomain;
import dev.postern.identity.WorkloadIdentity;
import dev.postern.redis.RedisLink;
import dev.postern.redis.RedisSettings;
import dev.postern.trust.OwnTrustFeed;
import dev.postern.trust.TrustChange;
import dev.postern.trust.TrustPublisher;
import dev.postern.trust.TrustSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OwnTrustTest {

    private final Clock clock = Clock.systemUTC();

    @TempDir
    private Path directory = Path.of("");

    @Test
    void standingWhenTheDatabaseHangsThenUnknownBeforeItGivesUp() throws IOException {
        Path password = Files.writeString(directory.resolve("password"), "none");
        InMemoryAuthority authority = InMemoryAuthority.create("test", Duration.ofDays(1), clock, new SecureRandom());
        Hanging source = new Hanging();
        OwnTrustFeed feed = new OwnTrustFeed(clock);
        try (WorkloadIdentity identity = authority.identityOf(new TrustDomain("postern.local").idOf("token-service"));
                RedisLink nowhere =
                        RedisLink.open(new RedisSettings("127.0.0.1", 1, password, Duration.ofMillis(500)));
                TrustPublisher publisher = TrustPublisher.start(source, identity, nowhere, clock);
                OwnTrust own = new OwnTrust(source, feed, publisher, clock).start()) {
            assertThat(own).isNotNull();
            assertThat(feed.current()).isTrue();
            source.hangs.set(true);
            await().atMost(Duration.ofSeconds(10)).until(() -> !feed.current());
            source.hangs.set(false);
            source.gate.countDown();
            await().atMost(Duration.ofSeconds(10)).until(feed::current);
        }
    }

    /// A database that does not answer and does not refuse.
    private static final class Hanging implements TrustSource {
        private final AtomicBoolean hangs = new AtomicBoolean();
        private final CountDownLatch gate = new CountDownLatch(1);

        @Override
        public List<TrustChange> inForce() {
            return List.of();
        }

        @Override
        public String version() {
            if (hangs.get()) {
                try {
                    gate.await();
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                }
            }
            return "1";
        }
    }
}

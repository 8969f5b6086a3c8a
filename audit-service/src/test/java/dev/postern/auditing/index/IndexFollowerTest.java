package dev.postern.auditing.index;

import static dev.postern.auditing.sequence.Events.events;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.auditing.sequence.LiveLog;
import dev.postern.kms.LocalKeyManagement;
import dev.postern.kms.Passphrase;
import dev.postern.test.MutableClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class IndexFollowerTest {
    @TempDir
    Path home;

    @Test
    void lookWhenTheCallerHasGivenUpMeanwhileThenWhatIsSeenIsClosed() throws Exception {
        Files.createDirectories(home.resolve("sets"));
        CountDownLatch looking = new CountDownLatch(1);
        CountDownLatch givenUp = new CountDownLatch(1);
        CountDownLatch closed = new CountDownLatch(1);
        try (LocalKeyManagement kms = LocalKeyManagement.open(
                        home.resolve("keyset.json"),
                        Passphrase.of("sixteen characters".toCharArray()),
                        new SecureRandom());
                LiveLog log = LiveLog.open(home, kms, MutableClock.atNoon());
                SecondIndex second = SecondIndex.of(log, IndexStore.files(home.resolve("second")))) {
            log.take(events("token-service", 1, 3));
            second.follower().start();
            CompletableFuture<AutoCloseable> seen = second.follower().settled(_ -> {
                looking.countDown();
                try {
                    givenUp.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                return closed::countDown;
            });
            looking.await();
            assertThat(seen.cancel(false)).isTrue();
            givenUp.countDown();
            assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }
}

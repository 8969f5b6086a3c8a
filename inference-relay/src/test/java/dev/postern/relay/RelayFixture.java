package dev.postern.relay;

import dev.postern.relay.rig.RelayRig;
import dev.postern.relay.rig.SealedClient;
import dev.postern.test.RedisForTests;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A relay for each test, and a Redis for all tests of a class.
@SuppressWarnings("NullAway.Init")
abstract class RelayFixture {
    static RedisForTests redis;

    /// Of this JVM.
    private static final AtomicBoolean WARM = new AtomicBoolean();

    @TempDir
    Path directory;

    RelayRig rig;

    @BeforeAll
    static void startRedis(@TempDir Path directory) throws Exception {
        redis = RedisForTests.start();
        if (!WARM.getAndSet(true)) {
            warmUp(directory);
        }
    }

    /// What the first request of a JVM loads takes longer, on a busy machine, than the second that the rig's services
    /// have to answer in.
    private static void warmUp(Path directory) throws Exception {
        try (RelayRig cold = new RelayRig(redis, directory);
                SealedClient client = SealedClient.open(cold)) {
            Awaitility.await()
                    .until(() -> client.askAndAnswer(Requests.stream(cold.clock, "echo"))
                                    .problem()
                            == null);
        }
    }

    @AfterAll
    static void stopRedis() throws Exception {
        redis.close();
    }

    @BeforeEach
    void startRelay() throws Exception {
        rig = relay();
    }

    @AfterEach
    void stopRelay() throws Exception {
        rig.close();
    }

    /// The relay to test.
    RelayRig relay() throws Exception {
        return new RelayRig(redis, directory);
    }
}

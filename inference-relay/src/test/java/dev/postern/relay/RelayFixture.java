package dev.postern.relay;

import dev.postern.relay.rig.RelayRig;
import dev.postern.test.RedisForTests;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A relay for each test, and a Redis for all tests of a class.
@SuppressWarnings("NullAway.Init")
abstract class RelayFixture {
    static RedisForTests redis;

    @TempDir
    Path directory;

    RelayRig rig;

    @BeforeAll
    static void startRedis() {
        redis = RedisForTests.start();
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

package dev.postern.gateway;

import dev.postern.redis.RedisLink;
import dev.postern.test.RedisForTests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

/// Limited callers, and a real Redis that is empty before each test.
@TestPropertySource(
        properties = {
            "postern.audit.spool-directory=${postern.home}/spool-of-limited",
            "postern.gateway.relay.session-wait=20s"
        })
abstract class AdmissionFixture extends LimitedFixture {
    private static final RedisForTests REDIS = RedisForTests.start();

    @Autowired
    RedisLink redis;

    @DynamicPropertySource
    static void redis(DynamicPropertyRegistry properties) {
        properties.add("postern.redis.port", REDIS::port);
        properties.add("postern.redis.host", REDIS::host);
        properties.add("postern.redis.password-file", AdmissionFixture::password);
    }

    private static Path password() {
        try {
            return Files.writeString(PLATFORM.home().resolve("redis-password"), RedisForTests.PASSWORD);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void emptyRedis() {
        while (!redis.isReachable().toCompletableFuture().join()) {
            Thread.onSpinWait();
        }
        redis.connection().orElseThrow().sync().flushall();
    }
}

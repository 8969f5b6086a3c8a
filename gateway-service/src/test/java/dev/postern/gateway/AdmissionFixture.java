package dev.postern.gateway;

import dev.postern.redis.RedisLink;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/// Limited callers, and a real Redis that is empty before each test.
@TestPropertySource(
        properties = {
            "postern.audit.spool-directory=${postern.home}/spool-of-limited",
            "postern.gateway.relay.session-wait=20s"
        })
abstract class AdmissionFixture extends LimitedFixture {
    @Autowired
    RedisLink redis;

    @BeforeEach
    void emptyRedis() {
        while (!redis.isReachable().toCompletableFuture().join()) {
            Thread.onSpinWait();
        }
        redis.connection().orElseThrow().sync().flushall();
    }
}

package dev.postern.gateway;

import dev.postern.redis.RedisLink;
import dev.postern.redis.RedisSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/// A Redis that is away: nothing listens on its port.
@TestConfiguration(proxyBeanMethods = false)
class NoRedis {
    @Bean(destroyMethod = "close")
    RedisLink redisLink() {
        return RedisLink.open(new RedisSettings("127.0.0.1", 1, Path.of("none"), Duration.ofMillis(500)));
    }
}

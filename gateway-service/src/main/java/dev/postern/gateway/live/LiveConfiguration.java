package dev.postern.gateway.live;

import dev.postern.redis.RedisLink;
import dev.postern.trust.TrustFeed;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HexFormat;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class LiveConfiguration {
    private static final int NAME_BYTES = 6;

    @Bean
    LiveThread liveThread() {
        return new LiveThread();
    }

    @Bean
    LiveRequests liveRequests(TrustFeed feed, LiveThread thread, MeterRegistry meters, Clock clock) {
        return new LiveRequests(feed, thread, new LiveMeters(meters), clock);
    }

    @Bean
    LiveRounds liveRounds(LiveRequests requests, RedisLink redis, SecureRandom random, LiveThread thread) {
        byte[] name = new byte[NAME_BYTES];
        random.nextBytes(name);
        LiveList list = new LiveList(redis, "gateway-" + HexFormat.of().formatHex(name));
        return new LiveRounds(requests, list, thread);
    }
}

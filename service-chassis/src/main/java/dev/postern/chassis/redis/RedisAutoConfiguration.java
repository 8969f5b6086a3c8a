package dev.postern.chassis.redis;

import dev.postern.identity.WorkloadIdentity;
import dev.postern.redis.RedisLink;
import dev.postern.redis.RedisSingleUse;
import dev.postern.redis.SingleUse;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/// One link to Redis per service. It connects in the background: a service starts without Redis, and says in its
/// health what that costs.
@AutoConfiguration
@EnableConfigurationProperties(RedisProperties.class)
public class RedisAutoConfiguration {
    @Bean(destroyMethod = "close")
    @ConditionalOnMissingBean
    RedisLink redisLink(RedisProperties properties, ObjectProvider<WorkloadIdentity> identity) {
        return properties.tls()
                ? RedisLink.open(properties.settings(), identity.getObject())
                : RedisLink.open(properties.settings());
    }

    @Bean
    @ConditionalOnMissingBean
    SingleUse redisSingleUse(RedisLink redis) {
        return new RedisSingleUse(redis);
    }
}

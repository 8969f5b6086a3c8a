package dev.postern.gateway.region;

import dev.postern.gateway.policy.RegionOf;
import java.util.ArrayList;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RegionConfiguration {

    @Bean(destroyMethod = "close")
    RegionOf regionOf(RegionProperties properties) {
        List<RegionOf> sources = new ArrayList<>();
        properties.cidrMap().map(CidrMap::read).ifPresent(sources::add);
        properties.maxmindDb().map(MaxMindRegions::open).ifPresent(sources::add);
        return new Regions(sources);
    }
}

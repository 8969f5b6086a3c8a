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
        if (properties.cidrMap() != null) {
            sources.add(CidrMap.read(properties.cidrMap()));
        }
        if (properties.maxmindDb() != null) {
            sources.add(MaxMindRegions.open(properties.maxmindDb()));
        }
        return new Regions(sources);
    }
}

package dev.postern.gateway.region;

import dev.postern.gateway.policy.RegionOf;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/// Several sources of regions, the first that knows an address counts.
final class Regions implements RegionOf, AutoCloseable {

    private final List<RegionOf> sources;

    Regions(List<RegionOf> sources) {
        this.sources = List.copyOf(sources);
    }

    @Override
    public String of(InetAddress address) {
        for (RegionOf source : sources) {
            String region = source.of(address);
            if (!region.equals(UNKNOWN)) {
                return region;
            }
        }
        return UNKNOWN;
    }

    @Override
    public void close() throws IOException {
        for (RegionOf source : sources) {
            if (source instanceof MaxMindRegions database) {
                database.close();
            }
        }
    }
}

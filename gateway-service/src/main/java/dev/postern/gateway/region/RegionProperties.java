package dev.postern.gateway.region;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// `postern.gateway.region`: where regions are looked up, the map first; by default nowhere.
///
/// @param cidrMap a text file of lines `10.0.0.0/8 eu`; the longest block that holds an address counts
/// @param maxmindDb a MaxMind database of countries or cities (`.mmdb`); the region is the country's ISO 3166 code in
///     small letters
@ConfigurationProperties("postern.gateway.region")
public record RegionProperties(
        @Nullable Path cidrMap, @Nullable Path maxmindDb) {}

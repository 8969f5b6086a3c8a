package dev.postern.token;

import java.net.URI;
import java.time.Duration;

/// How to follow the key directory.
///
/// @param endpoint of the key-rotation-service, without path
/// @param trustDomain whose `service/key-rotation-service` signs the directory and whose `service/token-service`
///     owns the keys in it
/// @param instance names this consumer; a fresh one per process
/// @param interval between two polls
/// @param maxStaleness after which no key is found any more
/// @param timeout of one poll
public record DirectorySettings(
        URI endpoint, String trustDomain, String instance, Duration interval, Duration maxStaleness, Duration timeout) {

    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(1);
    private static final Duration DEFAULT_MAX_STALENESS = Duration.ofMinutes(10);
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(3);

    public DirectorySettings {
        if (!"https".equals(endpoint.getScheme())) {
            throw new IllegalArgumentException("the key directory is fetched over https only");
        }
        if (!interval.isPositive() || !timeout.isPositive() || maxStaleness.compareTo(interval) <= 0) {
            throw new IllegalArgumentException("interval and timeout must be positive, staleness above the interval");
        }
    }

    public DirectorySettings(URI endpoint, String trustDomain, String instance) {
        this(endpoint, trustDomain, instance, DEFAULT_INTERVAL, DEFAULT_MAX_STALENESS, DEFAULT_TIMEOUT);
    }

    URI authority() {
        return URI.create("spiffe://" + trustDomain + "/service/key-rotation-service");
    }

    URI owner() {
        return URI.create("spiffe://" + trustDomain + "/service/token-service");
    }
}

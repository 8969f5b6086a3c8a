package dev.postern.audit.sink;

import java.net.URI;
import java.time.Duration;

/// Where and how patiently to send.
///
/// @param source    the producer's SPIFFE id
/// @param endpoint  base address of the audit-service
/// @param first     upper bound of the first pause after a failure
/// @param longest   upper bound of every pause
/// @param timeout   of one attempt
/// @param heartbeat how long there is nothing to send before it is said that there is nothing
public record SinkSettings(
        URI source, URI endpoint, Duration first, Duration longest, Duration timeout, Duration heartbeat) {}

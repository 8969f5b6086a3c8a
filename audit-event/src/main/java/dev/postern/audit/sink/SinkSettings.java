package dev.postern.audit.sink;

import java.net.URI;
import java.time.Duration;

/// Where and how patiently to send.
///
/// @param endpoint  base address of the audit-service
/// @param first     upper bound of the first pause after a failure
/// @param longest   upper bound of every pause
/// @param timeout   of one attempt
public record SinkSettings(URI endpoint, Duration first, Duration longest, Duration timeout) {}

package dev.postern.chassis.audit;

import java.net.URI;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// Where this service's audit events go.
///
/// @param endpoint the audit-service
/// @param spoolDirectory where events are kept, fsynced, until the audit-service has acknowledged them
@ConfigurationProperties("postern.audit")
public record AuditProperties(URI endpoint, Path spoolDirectory) {}

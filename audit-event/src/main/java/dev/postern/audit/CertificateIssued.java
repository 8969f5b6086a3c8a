package dev.postern.audit;

import java.time.Instant;

/// The platform CA issued a certificate.
///
/// @param spiffeId  whom it names
/// @param serial    hexadecimal
/// @param cause     `join` or `renewal`
public record CertificateIssued(String spiffeId, String serial, String cause, Instant notAfter) implements AuditEvent {

    public CertificateIssued {
        spiffeId = EventText.bounded(spiffeId);
        serial = EventText.bounded(serial);
        cause = EventText.bounded(cause);
    }
}

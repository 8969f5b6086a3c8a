package dev.postern.audit;

/// Something that happened and must be provable later. The set is closed; every event is a record whose components are
/// identifiers, reasons, counts, times or keyed hashes.
///
/// Guarantee: an event's bytes are canonical (the same event gives the same bytes everywhere) and every string in it
/// passed through [EventText], so it is short, printable ASCII; the one exception is a [SealedPart], which is long and
/// was sealed before. Non-guarantee: nothing here can tell an identifier
/// from a secret or a piece of a prompt. Callers must never put either into an event; the log cannot forget.
public sealed interface AuditEvent
        permits TokenIssued,
                SessionOpened,
                SessionClosed,
                RequestServed,
                Rejection,
                KeyTransitioned,
                KeySuspected,
                CompromiseReported,
                CertificateIssued,
                AdminChanged,
                ApprovalRequested,
                ApprovalDecided,
                BodyCaptured,
                ArchiveOpened,
                RevocationIssued,
                PolicyPublished,
                RedactionPolicyPublished,
                RedactionPolicyWithdrawn,
                ContainmentOrdered,
                LegalHoldPlaced,
                LegalHoldReleased,
                ServiceStarted,
                ServiceStopped,
                SequenceGapFound,
                SpoolDamaged,
                ProducerSilent {

    /// The CloudEvents `type`, for example `dev.postern.token.issued`.
    default String type() {
        return EventType.of(this).wireName();
    }

    /// Whether the action this event stands for must not take effect before the event is on disk: such events are
    /// recorded with [AuditTrail#recordDurably].
    default boolean securityCritical() {
        return EventType.of(this).securityCritical();
    }
}

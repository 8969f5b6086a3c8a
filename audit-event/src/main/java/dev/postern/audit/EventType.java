package dev.postern.audit;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The wire name and the failure class of each kind of event.
public enum EventType {
    TOKEN_ISSUED("dev.postern.token.issued", TokenIssued.class, FailureClass.CRITICAL),
    TOKEN_REFUSED("dev.postern.token.refused", TokenRefused.class, FailureClass.ORDINARY),
    SESSION_OPENED("dev.postern.session.opened", SessionOpened.class, FailureClass.ORDINARY),
    SESSION_CLOSED("dev.postern.session.closed", SessionClosed.class, FailureClass.ORDINARY),
    REQUEST_SERVED("dev.postern.request.served", RequestServed.class, FailureClass.ORDINARY),
    REQUEST_REJECTED("dev.postern.request.rejected", RequestRejected.class, FailureClass.ORDINARY),
    FRAME_REJECTED("dev.postern.frame.rejected", FrameRejected.class, FailureClass.ORDINARY),
    KEY_TRANSITIONED("dev.postern.key.transitioned", KeyTransitioned.class, FailureClass.CRITICAL),
    KEY_SUSPECTED("dev.postern.key.suspected", KeySuspected.class, FailureClass.CRITICAL),
    COMPROMISE_REPORTED("dev.postern.key.compromise-reported", CompromiseReported.class, FailureClass.CRITICAL),
    CERTIFICATE_ISSUED("dev.postern.certificate.issued", CertificateIssued.class, FailureClass.CRITICAL),
    ADMIN_CHANGED("dev.postern.admin.changed", AdminChanged.class, FailureClass.CRITICAL),
    APPROVAL_REQUESTED("dev.postern.approval.requested", ApprovalRequested.class, FailureClass.CRITICAL),
    APPROVAL_DECIDED("dev.postern.approval.decided", ApprovalDecided.class, FailureClass.CRITICAL),
    BODY_CAPTURED("dev.postern.archive.body-captured", BodyCaptured.class, FailureClass.ORDINARY),
    ARCHIVE_OPENED("dev.postern.archive.opened", ArchiveOpened.class, FailureClass.CRITICAL),
    REVOCATION_ISSUED("dev.postern.revocation.issued", RevocationIssued.class, FailureClass.CRITICAL),
    POLICY_PUBLISHED("dev.postern.policy.published", PolicyPublished.class, FailureClass.CRITICAL),
    REDACTION_POLICY_PUBLISHED(
            "dev.postern.redaction.policy-published", RedactionPolicyPublished.class, FailureClass.CRITICAL),
    REDACTION_POLICY_WITHDRAWN(
            "dev.postern.redaction.policy-withdrawn", RedactionPolicyWithdrawn.class, FailureClass.CRITICAL),
    CONTAINMENT_ORDERED("dev.postern.containment.ordered", ContainmentOrdered.class, FailureClass.CRITICAL),
    LEGAL_HOLD_PLACED("dev.postern.hold.placed", LegalHoldPlaced.class, FailureClass.CRITICAL),
    LEGAL_HOLD_RELEASED("dev.postern.hold.released", LegalHoldReleased.class, FailureClass.CRITICAL),
    SERVICE_STARTED("dev.postern.service.started", ServiceStarted.class, FailureClass.ORDINARY),
    SERVICE_STOPPED("dev.postern.service.stopped", ServiceStopped.class, FailureClass.ORDINARY),
    SEQUENCE_GAP_FOUND("dev.postern.alert.sequence-gap", SequenceGapFound.class, FailureClass.ORDINARY),
    SPOOL_DAMAGED("dev.postern.alert.spool-damaged", SpoolDamaged.class, FailureClass.ORDINARY),
    PRODUCER_SILENT("dev.postern.alert.producer-silent", ProducerSilent.class, FailureClass.ORDINARY);

    private enum FailureClass {
        CRITICAL,
        ORDINARY
    }

    private static final Map<String, EventType> BY_WIRE_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(EventType::wireName, Function.identity()));

    private final String wireName;
    private final Class<? extends Record> record;
    private final FailureClass failureClass;

    EventType(String wireName, Class<? extends Record> record, FailureClass failureClass) {
        this.wireName = wireName;
        this.record = record;
        this.failureClass = failureClass;
    }

    public String wireName() {
        return wireName;
    }

    public boolean securityCritical() {
        return failureClass == FailureClass.CRITICAL;
    }

    Class<? extends Record> record() {
        return record;
    }

    public static Optional<EventType> ofWireName(String wireName) {
        return Optional.ofNullable(BY_WIRE_NAME.get(wireName));
    }

    static EventType of(AuditEvent event) {
        return switch (event) {
            case TokenIssued _ -> TOKEN_ISSUED;
            case TokenRefused _ -> TOKEN_REFUSED;
            case SessionOpened _ -> SESSION_OPENED;
            case SessionClosed _ -> SESSION_CLOSED;
            case RequestServed _ -> REQUEST_SERVED;
            case RequestRejected _ -> REQUEST_REJECTED;
            case FrameRejected _ -> FRAME_REJECTED;
            case KeyTransitioned _ -> KEY_TRANSITIONED;
            case KeySuspected _ -> KEY_SUSPECTED;
            case CompromiseReported _ -> COMPROMISE_REPORTED;
            case CertificateIssued _ -> CERTIFICATE_ISSUED;
            case AdminChanged _ -> ADMIN_CHANGED;
            case ApprovalRequested _ -> APPROVAL_REQUESTED;
            case ApprovalDecided _ -> APPROVAL_DECIDED;
            case BodyCaptured _ -> BODY_CAPTURED;
            case ArchiveOpened _ -> ARCHIVE_OPENED;
            case RevocationIssued _ -> REVOCATION_ISSUED;
            case PolicyPublished _ -> POLICY_PUBLISHED;
            case RedactionPolicyPublished _ -> REDACTION_POLICY_PUBLISHED;
            case RedactionPolicyWithdrawn _ -> REDACTION_POLICY_WITHDRAWN;
            case ContainmentOrdered _ -> CONTAINMENT_ORDERED;
            case LegalHoldPlaced _ -> LEGAL_HOLD_PLACED;
            case LegalHoldReleased _ -> LEGAL_HOLD_RELEASED;
            case ServiceStarted _ -> SERVICE_STARTED;
            case ServiceStopped _ -> SERVICE_STOPPED;
            case SequenceGapFound _ -> SEQUENCE_GAP_FOUND;
            case SpoolDamaged _ -> SPOOL_DAMAGED;
            case ProducerSilent _ -> PRODUCER_SILENT;
        };
    }
}

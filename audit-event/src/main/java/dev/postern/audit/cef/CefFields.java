package dev.postern.audit.cef;

import java.util.Map;
import java.util.Set;

/// Which fields of events leave the platform in CEF. Default deny: what is named nowhere here stays.
final class CefFields {
    /// Codes, counts, times and identifiers of things; a subject that may be a person is a hash already.
    static final Set<String> AS_THEY_ARE = Set.of(
            "action",
            "approval_id",
            "audience",
            "binding",
            "capture_id",
            "capture_ids",
            "cause",
            "client_id",
            "complete",
            "count",
            "decision",
            "digest",
            "expected",
            "expires_at",
            "from",
            "grant",
            "held",
            "incident_id",
            "instance",
            "key_class",
            "key_id",
            "key_ids",
            "kind",
            "last_heard",
            "mode",
            "model",
            "not_after",
            "opening_id",
            "operation",
            "outcome",
            "owner",
            "phase_millis",
            "producer",
            "received",
            "recipient",
            "redacted",
            "relay_key_id",
            "request_id",
            "resource",
            "resource_id",
            "revocation_id",
            "rule",
            "scopes",
            "segment",
            "serial",
            "service",
            "session_id",
            "spiffe_id",
            "spool",
            "status",
            "subject_token_id",
            "suite",
            "target",
            "tenant",
            "to",
            "token_id",
            "trigger",
            "upstream",
            "use",
            "version");

    /// Who did it: the platform's own workloads by name, anybody else by a hash.
    static final Set<String> PERSONS = Set.of(
            "actor", "requester", "custodian", "approvers", "called_by", "approved_by", "ordered_by", "reported_by");

    /// Sealed bodies, names that an operator chose, and signatures, which prove nothing here.
    static final Set<String> STAY = Set.of("sealed", "hold", "signature");

    /// A code in some events, and in others what a person wrote.
    static final String REASON = "reason";

    /// The events whose reason is a code, and leaves.
    static final Set<String> REASON_IS_A_CODE = Set.of(
            "dev.postern.frame.rejected",
            "dev.postern.request.rejected",
            "dev.postern.session.closed",
            "dev.postern.token.refused");

    /// The events whose reason stays, since a person wrote it.
    static final Set<String> REASON_IN_WORDS = Set.of(
            "dev.postern.approval.requested",
            "dev.postern.archive.opened",
            "dev.postern.hold.placed",
            "dev.postern.hold.released",
            "dev.postern.revocation.issued");

    private CefFields() {}

    /// Whether a field of an event leaves, as it is or as a hash.
    static boolean leaves(String type, Map.Entry<String, ?> field) {
        return field.getKey().equals(REASON)
                ? REASON_IS_A_CODE.contains(type)
                : AS_THEY_ARE.contains(field.getKey())
                        || PERSONS.contains(field.getKey())
                        || (field.getValue() instanceof Number && !STAY.contains(field.getKey()));
    }
}

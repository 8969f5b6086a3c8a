package dev.postern.audit;

import java.util.Optional;

/// A second person decided on what waited.
///
/// A custodian's decision is signed, and its signature is here, so that whoever has the custodians' public keys can
/// check it without believing the audit-service. What is signed says `refused` where this says `rejected`.
///
/// @param actor who decided
/// @param requester who asked
/// @param decision `approved` or `rejected`
/// @param custodian in whose name captured bodies were decided on
/// @param digest what the custodian signed, with `approvalId`, `custodian` and the decision; hexadecimal
/// @param signature the custodian's, Ed25519, base64url
public record ApprovalDecided(
        String approvalId,
        String actor,
        String requester,
        String decision,
        Optional<String> custodian,
        Optional<String> digest,
        Optional<String> signature)
        implements AuditEvent {

    public ApprovalDecided {
        approvalId = EventText.bounded(approvalId);
        actor = EventText.bounded(actor);
        requester = EventText.bounded(requester);
        decision = EventText.bounded(decision);
        custodian = EventText.bounded(custodian);
        digest = EventText.bounded(digest);
        signature = EventText.bounded(signature);
    }

    /// On a change.
    public ApprovalDecided(String approvalId, String actor, String requester, String decision) {
        this(approvalId, actor, requester, decision, Optional.empty(), Optional.empty(), Optional.empty());
    }
}

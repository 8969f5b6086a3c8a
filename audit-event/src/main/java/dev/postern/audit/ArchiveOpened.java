package dev.postern.audit;

import java.util.Optional;
import java.util.Set;

/// Captured bodies, and the shares of two custodians that open them, are handed to who asked for them.
///
/// @param openingId as in [ApprovalRequested] and [ApprovalDecided]
/// @param requester who gets them
/// @param approvers the custodians whose shares open them
/// @param digest SHA-256 of what exactly was asked, hexadecimal
/// @param reason as the requester gave it
/// @param count how many bodies
/// @param captureIds which; events of earlier releases lack it
/// @param recipient name of the key that the shares are sealed to; events of earlier releases lack it
public record ArchiveOpened(
        String openingId,
        String requester,
        Set<String> approvers,
        String digest,
        String reason,
        int count,
        Optional<Set<String>> captureIds,
        Optional<String> recipient)
        implements AuditEvent {

    public ArchiveOpened {
        openingId = EventText.bounded(openingId);
        requester = EventText.bounded(requester);
        approvers = EventText.bounded(approvers);
        digest = EventText.bounded(digest);
        reason = EventText.bounded(reason);
        captureIds = captureIds.map(EventText::bounded);
        recipient = EventText.bounded(recipient);
    }
}

package dev.postern.audit;

/// A sealed session ended.
///
/// @param reason          a code, for example `client-closed`
/// @param framesOpened    frames that were authentic and new
/// @param framesRejected  frames that were dropped
public record SessionClosed(String sessionId, String clientId, String reason, long framesOpened, long framesRejected)
        implements AuditEvent {

    public SessionClosed {
        sessionId = EventText.bounded(sessionId);
        clientId = EventText.bounded(clientId);
        reason = EventText.bounded(reason);
    }
}

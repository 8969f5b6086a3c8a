package dev.postern.audit;

/// A part of a prompt or an answer that was captured, sealed so that two custodians open it together and nobody else.
///
/// @param captureId names the captured body; all its parts have it
/// @param requestId of the request whose body it is
/// @param clientId whose request
/// @param kind `request` or `answer`
/// @param part from 1
/// @param parts how many there are, at most [#MOST_PARTS]
/// @param digest SHA-256 of the whole sealed body, hexadecimal
/// @param sealed the part's octets of the sealed body
public record BodyCaptured(
        String captureId,
        String requestId,
        String clientId,
        String tenant,
        String kind,
        int part,
        int parts,
        String digest,
        SealedPart sealed)
        implements AuditEvent {
    /// Of one body.
    public static final int MOST_PARTS = 64;

    public BodyCaptured {
        if (part < 1 || part > parts || parts > MOST_PARTS) {
            throw new IllegalArgumentException("a captured body has parts 1 to at most " + MOST_PARTS);
        }
        captureId = EventText.bounded(captureId);
        requestId = EventText.bounded(requestId);
        clientId = EventText.bounded(clientId);
        tenant = EventText.bounded(tenant);
        kind = EventText.bounded(kind);
        digest = EventText.bounded(digest);
    }
}

package dev.postern.audit;

/// A refusal, which an attacker can cause at will. Rejections of one kind within the coalescing window become one event
/// with a count, so a flood costs neither the disk nor the truth.
public sealed interface Rejection extends AuditEvent permits TokenRefused, RequestRejected, FrameRejected {

    /// Rejections with equal keys may become one event.
    String coalescingKey();

    /// How many rejections this event stands for; at least 1.
    long count();

    /// The same rejection, standing for `total` of them.
    Rejection withCount(long total);
}

package dev.postern.gateway.admission;

/// What a client has left of its quotas, as policy reads it. `-1` stands for unlimited or unknown, which policy must
/// not take for nothing left.
///
/// @param requestsLeft the least that any of its request limits leaves
/// @param modelTokensLeft the same of model tokens, in and out together
/// @param spendLeftMicros the same of money, in millionths of the platform's currency unit
public record QuotaLeft(long requestsLeft, long modelTokensLeft, long spendLeftMicros) {
    /// Nothing is known, or nothing limits the client.
    public static final QuotaLeft UNKNOWN = new QuotaLeft(-1, -1, -1);
}

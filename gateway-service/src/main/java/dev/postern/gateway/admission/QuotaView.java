package dev.postern.gateway.admission;

/// What clients had left when they were last admitted here. For facts of policy; admission itself asks Redis.
public interface QuotaView {
    /// As of the client's latest request at this replica; [QuotaLeft#UNKNOWN] before the first and after a while.
    /// Never waits, safe for any thread.
    QuotaLeft left(String tenant, String clientId);
}

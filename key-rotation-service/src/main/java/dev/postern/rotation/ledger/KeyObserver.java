package dev.postern.rotation.ledger;

/// Counts what the ledger does.
public interface KeyObserver {
    void moved(String keyClass, String to, String cause);

    /// Steps that had to wait for audit or disk.
    void delayed();

    /// Consumers that an activation did not wait for any longer.
    void leftBehind(int consumers);

    /// A compromise came to its end.
    void reported(Incident incident);
}

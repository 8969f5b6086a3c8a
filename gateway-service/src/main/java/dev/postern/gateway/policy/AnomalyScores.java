package dev.postern.gateway.policy;

import dev.postern.policy.Facts.Anomaly;
import java.util.function.Consumer;

/// How unusual a client behaves at this moment. Never blocks: it is asked on the event loop.
public interface AnomalyScores {
    /// Who is looked at.
    record Client(String tenant, String clientId) {}

    Anomaly of(Client client);

    /// Calls `listener` when the scores of a client changed enough to decide anew about what it is being served.
    void onChange(Consumer<Client> listener);
}

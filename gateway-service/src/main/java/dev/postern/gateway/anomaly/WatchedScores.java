package dev.postern.gateway.anomaly;

import dev.postern.gateway.policy.AnomalyScores;
import dev.postern.policy.Facts.Anomaly;
import dev.postern.policy.anomaly.Behaviours;
import java.time.Clock;
import java.util.function.Consumer;

/// Scores as policy reads them.
final class WatchedScores implements AnomalyScores {

    private final Behaviours behaviours;
    private final Clock clock;

    WatchedScores(Behaviours behaviours, Clock clock) {
        this.behaviours = behaviours;
        this.clock = clock;
    }

    @Override
    public Anomaly of(Client client) {
        return behaviours.scores(client.tenant(), client.clientId(), clock.millis());
    }

    @Override
    public void onChange(Consumer<Client> listener) {
        behaviours.onObservation((origin, _, news) -> {
            if (news) {
                listener.accept(new Client(origin.tenant(), origin.clientId()));
            }
        });
    }
}

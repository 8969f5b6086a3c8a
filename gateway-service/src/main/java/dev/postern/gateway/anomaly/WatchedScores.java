package dev.postern.gateway.anomaly;

import dev.postern.gateway.policy.AnomalyScores;
import dev.postern.policy.Facts;
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
    public Scores of(Client client) {
        Facts.Anomaly now = behaviours.scores(client.tenant(), client.clientId(), clock.millis());
        return new Scores(now.score(), now.usage(), now.regionDrift(), now.aeadFailures(), now.sequenceGaps());
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

package dev.postern.gateway.policy;

import java.util.function.Consumer;

/// How unusual a client behaves at this moment. Never blocks: it is asked on the event loop.
public interface AnomalyScores {
    /// Nobody looks.
    AnomalyScores NONE = new AnomalyScores() {
        @Override
        public Scores of(Client client) {
            return Scores.NONE;
        }

        @Override
        public void onChange(Consumer<Client> listener) {}
    };

    /// Who is looked at.
    record Client(String tenant, String clientId) {}

    /// Each from 0, as usual, to 1.
    ///
    /// @param score of all together
    record Scores(double score, double usage, double regionDrift, double aeadFailures, double sequenceGaps) {
        public static final Scores NONE = new Scores(0, 0, 0, 0, 0);
    }

    Scores of(Client client);

    /// Calls `listener` when the scores of a client changed enough to decide anew about what it is being served.
    void onChange(Consumer<Client> listener);
}

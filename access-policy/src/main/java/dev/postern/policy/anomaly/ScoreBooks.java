package dev.postern.policy.anomaly;

import dev.postern.policy.Facts.Anomaly;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleConsumer;
import java.util.function.Function;

/// Writes down the scores of all clients together, at each observation. It names no client.
public final class ScoreBooks implements Behaviours.Listener {
    /// What a metric of these scores is called, with the tag `kind`, and what it says.
    public static final String METRIC = "postern.anomaly.score";

    public static final String DESCRIPTION = "How unusual clients behave, 0 to 1, at each observation";

    private final Map<ScoreKind, DoubleConsumer> books = new EnumMap<>(ScoreKind.class);

    /// @param kinds that this service can see
    /// @param book of a kind; safe for any thread
    public ScoreBooks(Set<ScoreKind> kinds, Function<ScoreKind, DoubleConsumer> book) {
        kinds.forEach(kind -> books.put(kind, book.apply(kind)));
    }

    @Override
    public void observed(Origin origin, Anomaly scores, boolean news) {
        books.forEach((kind, book) -> book.accept(kind.of(scores)));
    }
}

package dev.postern.trust;

import dev.postern.token.Revocable;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// A feed inside one process: for a service that verifies tokens against what it decides itself, and for tests.
/// Current from the start, until told otherwise. Thread-safe; listeners run on the thread that applies.
public final class OwnTrustFeed implements TrustFeed {
    private final TrustBoard board;
    private volatile boolean current = true;

    public OwnTrustFeed(Clock clock) {
        this.board = new TrustBoard(clock);
        board.current(true);
    }

    public void apply(List<? extends TrustChange> changes) {
        board.apply(List.copyOf(changes));
    }

    /// Whether its source can be relied on at this moment.
    public void current(boolean now) {
        current = now;
        board.current(now);
    }

    /// Forgets revocations whose time is over.
    public void expire() {
        board.expire();
    }

    @Override
    public Standing standingOf(Revocable token) {
        return board.standingOf(token, current);
    }

    @Override
    public boolean current() {
        return current;
    }

    @Override
    public Optional<PolicyPublished> policy() {
        return board.policy();
    }

    @Override
    public void onRevocation(Consumer<Revocation> listener) {
        board.onRevocation(listener);
    }

    @Override
    public void onPolicy(Consumer<PolicyPublished> listener) {
        board.onPolicy(listener);
    }

    @Override
    public void onKeyStates(Consumer<KeyStates> listener) {
        board.onKeyStates(listener);
    }

    @Override
    public void onCurrency(Consumer<Boolean> listener) {
        board.onCurrency(listener);
    }
}

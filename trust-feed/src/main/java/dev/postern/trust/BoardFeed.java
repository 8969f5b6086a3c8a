package dev.postern.trust;

import dev.postern.token.Revocable;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;

/// A feed whose changes stand on a [TrustBoard]; where they come from, and whether it is current, is for others to say.
abstract sealed class BoardFeed implements TrustFeed permits OwnTrustFeed, TrustFollower {
    private final TrustBoard board;

    BoardFeed(Clock clock) {
        this.board = new TrustBoard(clock);
    }

    final TrustBoard board() {
        return board;
    }

    @Override
    public final Standing standingOf(Revocable token) {
        return board.standingOf(token, current());
    }

    @Override
    public final Optional<PolicyPublished> policy() {
        return board.policy();
    }

    @Override
    public final void onRevocation(Consumer<Revocation> listener) {
        board.onRevocation(listener);
    }

    @Override
    public final void onPolicy(Consumer<PolicyPublished> listener) {
        board.onPolicy(listener);
    }

    @Override
    public final void onKeyStates(Consumer<KeyStates> listener) {
        board.onKeyStates(listener);
    }

    @Override
    public final void onCurrency(Consumer<Boolean> listener) {
        board.onCurrency(listener);
    }
}

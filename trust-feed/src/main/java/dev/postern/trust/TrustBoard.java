package dev.postern.trust;

import dev.postern.token.Revocable;
import dev.postern.token.TrustState.Standing;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A view with listeners. Thread-safe; changes are applied and told one at a time, under its monitor.
final class TrustBoard {
    private static final Logger LOG = LoggerFactory.getLogger(TrustBoard.class);

    private final Clock clock;
    private final TrustView view = new TrustView();
    private final List<Consumer<Revocation>> revocationListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<PolicyPublished>> policyListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<KeyStates>> keyListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<Boolean>> currencyListeners = new CopyOnWriteArrayList<>();
    private boolean toldCurrent;

    TrustBoard(Clock clock) {
        this.clock = clock;
    }

    Standing standingOf(Revocable token, boolean current) {
        Standing known = view.standingOf(token);
        return known == Standing.TRUSTED && !current ? Standing.UNKNOWN : known;
    }

    synchronized void apply(List<TrustChange> changes) {
        for (TrustChange change : changes) {
            if (view.apply(change, clock.instant())) {
                tell(change);
            }
        }
    }

    private void tell(TrustChange change) {
        switch (change) {
            case Revocation revocation -> tell(revocationListeners, revocation);
            case PolicyPublished policy -> tell(policyListeners, policy);
            case KeyStates states -> tell(keyListeners, states);
        }
    }

    /// Tells listeners when it differs from what they were told last.
    synchronized void current(boolean now) {
        if (now != toldCurrent) {
            toldCurrent = now;
            tell(currencyListeners, now);
        }
    }

    synchronized void expire() {
        view.expire(clock.instant());
    }

    Optional<PolicyPublished> policy() {
        return view.policy();
    }

    int revocations() {
        return view.size();
    }

    void onRevocation(Consumer<Revocation> listener) {
        revocationListeners.add(listener);
    }

    synchronized void onPolicy(Consumer<PolicyPublished> listener) {
        policyListeners.add(listener);
        view.policy().ifPresent(listener);
    }

    synchronized void onKeyStates(Consumer<KeyStates> listener) {
        keyListeners.add(listener);
        view.keys().ifPresent(listener);
    }

    void onCurrency(Consumer<Boolean> listener) {
        currencyListeners.add(listener);
    }

    private static <T> void tell(List<Consumer<T>> listeners, T news) {
        for (Consumer<T> listener : listeners) {
            try {
                listener.accept(news);
            } catch (RuntimeException bug) {
                LOG.error("a listener of the trust feed failed", bug);
            }
        }
    }
}

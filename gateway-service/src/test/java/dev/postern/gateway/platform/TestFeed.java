package dev.postern.gateway.platform;

import dev.postern.policy.PolicySet;
import dev.postern.token.Revocable;
import dev.postern.trust.KeyStates;
import dev.postern.trust.PolicyPublished;
import dev.postern.trust.Revocation;
import dev.postern.trust.TrustFeed;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// The trust feed with its news made by the test: current, nothing revoked, and the default policy, unless told.
public final class TestFeed implements TrustFeed {
    private final List<Revocation> revocations = new CopyOnWriteArrayList<>();
    private final List<Consumer<Revocation>> revocationListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<PolicyPublished>> policyListeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<Boolean>> currencyListeners = new CopyOnWriteArrayList<>();
    private volatile PolicyPublished policy = new PolicyPublished(1, 0, PolicySet.DEFAULT_JSON);
    private volatile boolean current = true;

    /// Takes something back, now.
    public void revoke(Revocation.Kind kind, String value) {
        Revocation revocation = Revocation.of(kind, value, Instant.now(), "test");
        revocations.add(revocation);
        revocationListeners.forEach(listener -> listener.accept(revocation));
    }

    /// Knows of a revocation, but tells nobody: as the feed does for news that came while it was cut off.
    public void revokeSilently(Revocation.Kind kind, String value) {
        revocations.add(Revocation.of(kind, value, Instant.now(), "test"));
    }

    /// The next epoch.
    public synchronized long publish(String policySet, boolean outdatesTokens) {
        long epoch = policy.epoch() + 1;
        policy = new PolicyPublished(epoch, outdatesTokens ? epoch : policy.minimumEpoch(), policySet);
        policyListeners.forEach(listener -> listener.accept(policy));
        return epoch;
    }

    /// Loses the feed, or finds it again.
    public void current(boolean next) {
        current = next;
        currencyListeners.forEach(listener -> listener.accept(next));
    }

    /// As at the beginning, but for the epoch.
    public synchronized void reset() {
        revocations.clear();
        policy = new PolicyPublished(policy.epoch() + 1, 0, PolicySet.DEFAULT_JSON);
        policyListeners.forEach(listener -> listener.accept(policy));
        current(true);
    }

    @Override
    public Standing standingOf(Revocable token) {
        if (revocations.stream().anyMatch(revocation -> revocation.matches(token))) {
            return Standing.REVOKED;
        }
        if (token.policyEpoch() < policy.minimumEpoch()) {
            return Standing.OUTDATED;
        }
        return current ? Standing.TRUSTED : Standing.UNKNOWN;
    }

    @Override
    public boolean current() {
        return current;
    }

    @Override
    public Optional<PolicyPublished> policy() {
        return Optional.of(policy);
    }

    @Override
    public void onRevocation(Consumer<Revocation> listener) {
        revocationListeners.add(listener);
    }

    @Override
    public void onPolicy(Consumer<PolicyPublished> listener) {
        policyListeners.add(listener);
        listener.accept(policy);
    }

    @Override
    public void onKeyStates(Consumer<KeyStates> listener) {}

    @Override
    public void onCurrency(Consumer<Boolean> listener) {
        currencyListeners.add(listener);
    }
}

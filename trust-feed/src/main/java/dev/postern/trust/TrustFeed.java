package dev.postern.trust;

import dev.postern.token.TrustState;
import java.util.Optional;
import java.util.function.Consumer;

/// The trust feed as a service uses it: for verification ([TrustState]), and to act on what is still running.
///
/// Listeners run on the feed's own threads, one change at a time and in order, after [#standingOf] knows of it. They
/// must hand over and return: while one runs, nothing further is heard. One that throws is reported and called again
/// next time.
public interface TrustFeed extends TrustState {
    /// Whether the feed was heard of recently enough. While it is not, nobody can say that a token was not revoked:
    /// [#standingOf] says `UNKNOWN`, and what streams hold back what they have.
    boolean current();

    /// The policy in force, if one was ever published.
    Optional<PolicyPublished> policy();

    /// Called for each revocation that was not known before.
    void onRevocation(Consumer<Revocation> listener);

    /// Called for each policy that comes into force, and at once with the one that is.
    void onPolicy(Consumer<PolicyPublished> listener);

    /// Called when the key directory has changed.
    void onKeyStates(Consumer<KeyStates> listener);

    /// Called with `false` when the feed is lost and with `true` when it is back.
    void onCurrency(Consumer<Boolean> listener);
}

package dev.postern.sts.signing;

import dev.postern.chassis.problem.ProblemException;
import dev.postern.sts.revocation.Revocations;
import dev.postern.sts.session.LiveSessions;
import dev.postern.sts.signing.SigningKeySource.KeyEnd;
import dev.postern.trust.Revocation.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What lives under tokens of a compromised key. Gateways and relays end it as soon as the key directory or the trust
/// feed denies the key; the revocation put on the feed here reaches those that hear only this service.
///
/// Non-guarantee: the list of what lives is a second or two old, so an end is seen that much later than it happens.
/// Used by one thread.
final class SignedSessions implements KeyEnd {

    private static final Logger log = LoggerFactory.getLogger(SignedSessions.class);
    private static final String REASON = "key-compromised";

    private final Revocations revocations;
    private final LiveSessions sessions;
    private final String me;
    private final Map<String, Integer> most = new HashMap<>();

    /// @param me on record as who revokes
    SignedSessions(Revocations revocations, LiveSessions sessions, String me) {
        this.revocations = revocations;
        this.sessions = sessions;
        this.me = me;
    }

    @Override
    public OptionalInt of(String keyId) {
        try {
            if (!most.containsKey(keyId)) {
                var _ = revocations.revoke(Kind.KEY, keyId, REASON, me);
                most.put(keyId, 0);
            }
            int live = (int) sessions.read().sessions().stream()
                    .filter(session -> session.keyId().equals(keyId))
                    .count();
            int ended = most.merge(keyId, live, Math::max);
            if (live > 0) {
                return OptionalInt.empty();
            }
            most.remove(keyId);
            return OptionalInt.of(ended);
        } catch (ProblemException | LiveSessions.Unavailable e) {
            log.warn("what the compromised key {} signed cannot be ended or counted yet: {}", keyId, e.getMessage());
            return OptionalInt.empty();
        }
    }
}

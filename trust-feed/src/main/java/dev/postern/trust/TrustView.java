package dev.postern.trust;

import dev.postern.token.Revocable;
import dev.postern.token.TrustState.Standing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What is known to be taken back: the state that the changes of a feed add up to.
///
/// Changes are only ever added; a revocation leaves when its time is over, so that neither a repeated nor a reordered
/// change makes anything trusted again. Readers are never blocked; writers must be one at a time.
public final class TrustView {
    /// More are refused by whoever would add one; a client, subject or tenant is then the better thing to revoke.
    public static final int MAX_REVOCATIONS = 100_000;

    private final Map<Revocation.Kind, ConcurrentHashMap<String, Revocation>> revocations =
            new EnumMap<>(Revocation.Kind.class);
    private volatile @Nullable PolicyPublished policy;
    private volatile long minimumEpoch;
    private volatile @Nullable KeyStates keys;

    public TrustView() {
        for (Revocation.Kind kind : Revocation.Kind.values()) {
            revocations.put(kind, new ConcurrentHashMap<>());
        }
    }

    /// How the token stands by what is known here; never `UNKNOWN`.
    public Standing standingOf(Revocable token) {
        if (isRevoked(token)) {
            return Standing.REVOKED;
        }
        return token.policyEpoch() < minimumEpoch ? Standing.OUTDATED : Standing.TRUSTED;
    }

    private boolean isRevoked(Revocable token) {
        return matches(Revocation.Kind.TOKEN, token.tokenId(), token)
                || matches(Revocation.Kind.SESSION, token.sessionId(), token)
                || matches(Revocation.Kind.KEY, token.keyId(), token)
                || matches(Revocation.Kind.CLIENT, token.clientId(), token)
                || matches(Revocation.Kind.CLIENT, token.subject(), token)
                || matches(Revocation.Kind.SUBJECT, token.subject(), token)
                || matches(Revocation.Kind.TENANT, token.tenant(), token)
                || actorMatches(token)
                || keyIsGone(token.keyId());
    }

    private boolean matches(Revocation.Kind kind, String value, Revocable token) {
        ConcurrentHashMap<String, Revocation> ofKind = ofKind(kind);
        if (ofKind.isEmpty()) {
            return false;
        }
        Revocation revocation = ofKind.get(value);
        return revocation != null && revocation.matches(token);
    }

    private boolean actorMatches(Revocable token) {
        for (String actor : token.actors()) {
            if (matches(Revocation.Kind.CLIENT, actor, token) || matches(Revocation.Kind.SUBJECT, actor, token)) {
                return true;
            }
        }
        return false;
    }

    private boolean keyIsGone(String keyId) {
        KeyStates known = keys;
        KeyStates.State state = known == null ? null : known.states().get(keyId);
        return state != null && !state.isTrusted();
    }

    /// Adds one change.
    ///
    /// @return whether it says anything that was not known before
    /// @throws ViewFull when it is a revocation too many; nothing is added
    public boolean apply(TrustChange change, Instant now) {
        return switch (change) {
            case Revocation revocation -> add(revocation, now);
            case PolicyPublished published -> add(published);
            case KeyStates states -> add(states);
        };
    }

    private boolean add(Revocation revocation, Instant now) {
        if (!revocation.until().isAfter(now)) {
            return false;
        }
        ConcurrentHashMap<String, Revocation> ofKind = ofKind(revocation.kind());
        Revocation known = ofKind.get(revocation.value());
        if (known == null) {
            if (size() >= MAX_REVOCATIONS) {
                throw new ViewFull();
            }
            ofKind.put(revocation.value(), revocation);
            return true;
        }
        boolean later = revocation.at().isAfter(known.at());
        Revocation kept = later ? revocation : known;
        Instant until = known.until().isAfter(revocation.until()) ? known.until() : revocation.until();
        ofKind.put(kept.value(), new Revocation(kept.kind(), kept.value(), kept.at(), until, kept.reason()));
        return later;
    }

    private boolean add(PolicyPublished published) {
        PolicyPublished known = policy;
        boolean stricter = published.minimumEpoch() > minimumEpoch;
        if (stricter) {
            minimumEpoch = published.minimumEpoch();
        }
        boolean newer = known == null || published.epoch() > known.epoch();
        if (newer) {
            policy = published;
        }
        return newer || stricter;
    }

    private boolean add(KeyStates states) {
        KeyStates known = keys;
        boolean newer = known == null || states.directoryVersion() > known.directoryVersion();
        if (newer) {
            keys = states;
        }
        return newer;
    }

    /// Forgets revocations whose time is over.
    public void expire(Instant now) {
        revocations
                .values()
                .forEach(ofKind -> ofKind.values()
                        .removeIf(revocation -> !revocation.until().isAfter(now)));
    }

    /// Everything known, as changes: applied to an empty view, they give this one.
    public List<TrustChange> changes() {
        List<TrustChange> changes = new ArrayList<>();
        policy().ifPresent(changes::add);
        keys().ifPresent(changes::add);
        revocations.values().forEach(ofKind -> changes.addAll(ofKind.values()));
        return changes;
    }

    public Optional<PolicyPublished> policy() {
        return Optional.ofNullable(policy);
    }

    public Optional<KeyStates> keys() {
        return Optional.ofNullable(keys);
    }

    /// How many revocations are remembered.
    public int size() {
        int sum = 0;
        for (ConcurrentHashMap<String, Revocation> ofKind : revocations.values()) {
            sum += ofKind.size();
        }
        return sum;
    }

    private ConcurrentHashMap<String, Revocation> ofKind(Revocation.Kind kind) {
        return Objects.requireNonNull(revocations.get(kind));
    }

    /// There are [#MAX_REVOCATIONS] already.
    public static final class ViewFull extends RuntimeException {
        ViewFull() {
            super("more than " + MAX_REVOCATIONS + " revocations at once", null, false, false);
        }
    }
}

package dev.postern.relay.keys;

import dev.postern.chassis.keys.KeySource;
import dev.postern.relay.session.Sessions;
import dev.postern.session.RelayKeyRing;
import dev.postern.session.RelayKeySet;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/// The class `relay-hpke`: what the directory calls ACTIVE is what the ring publishes.
///
/// Guarantee: once this process has applied a directory that calls a key compromised, nothing that is sealed to that
/// key is opened, and no session lives that it began. Their clients open new ones under the spare.
public final class HpkeKeys implements KeySource<RelayKeySet> {
    private final RelayKeyRing ring;
    private final Sessions sessions;
    private final Map<String, Ended> ended = new HashMap<>();

    /// What went with a compromised set.
    private record Ended(Set<String> keyIds, int sessions) {}

    public HpkeKeys(RelayKeyRing ring, Sessions sessions) {
        this.ring = ring;
        this.sessions = sessions;
    }

    @Override
    public String keyClass() {
        return "relay-hpke";
    }

    @Override
    public Retirement retirement() {
        // OPENs that are on their way were sealed to it.
        return Retirement.HELD;
    }

    @Override
    public RelayKeySet next() {
        return ring.prepare();
    }

    @Override
    public String keyId(RelayKeySet keys) {
        return keys.name();
    }

    @Override
    public Map<String, Object> publicJwk(RelayKeySet keys) {
        // The signed key configuration publishes them, with a name for each.
        return Map.of();
    }

    @Override
    public void moved(RelayKeySet keys, Fate fate) {
        switch (fate) {
            case PREPARED, RETIRING -> {}
            case ACTIVE -> ring.publish(keys);
            case DESTROYED -> ring.erase(keys);
            case COMPROMISED -> {
                Set<String> gone = ring.compromised(keys);
                ended.put(keys.name(), new Ended(gone, sessions.endOpenedWith(gone)));
            }
        }
    }

    @Override
    public OptionalInt endedWith(String keyId) {
        Ended went = ended.get(keyId);
        if (went == null) {
            return OptionalInt.of(0);
        }
        if (sessions.endOpenedWith(went.keyIds()) > 0) {
            return OptionalInt.empty();
        }
        ended.remove(keyId);
        return OptionalInt.of(went.sessions());
    }
}

package dev.postern.rotation.directory;

import dev.postern.rotation.ledger.KeyLedger;
import dev.postern.rotation.lifecycle.KeyRing;
import dev.postern.rotation.lifecycle.KeyState;
import dev.postern.trust.KeyStates;
import dev.postern.trust.TrustChange;
import dev.postern.trust.TrustSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The ledger as the trust feed tells it: where every key stands, those that were destroyed of late included.
record LedgerTrust(KeyLedger ledger) implements TrustSource {
    @Override
    public List<TrustChange> inForce() {
        return List.of(states(ledger.ring()));
    }

    @Override
    public String version() {
        return Long.toString(ledger.ring().version());
    }

    static KeyStates states(KeyRing ring) {
        Map<String, KeyStates.State> states = new LinkedHashMap<>();
        ring.keys().forEach((kid, key) -> {
            // Of certificates only the denied ones are news: each says itself how long it is good.
            if (key.keyClass().listed() || key.state() instanceof KeyState.Compromised) {
                states.put(kid, state(key.state()));
            }
        });
        return new KeyStates(ring.version(), states);
    }

    private static KeyStates.State state(KeyState state) {
        return switch (state) {
            case KeyState.Prepared _ -> KeyStates.State.PREPARED;
            case KeyState.Active _ -> KeyStates.State.ACTIVE;
            case KeyState.Retiring _ -> KeyStates.State.RETIRING;
            case KeyState.Destroyed _ -> KeyStates.State.DESTROYED;
            case KeyState.Compromised _ -> KeyStates.State.COMPROMISED;
        };
    }
}

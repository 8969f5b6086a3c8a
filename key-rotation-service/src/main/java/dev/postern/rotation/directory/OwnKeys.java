package dev.postern.rotation.directory;

import dev.postern.audit.AuditUnavailable;
import dev.postern.chassis.keys.DirectoryView;
import dev.postern.chassis.keys.KeyNotRegistered;
import dev.postern.chassis.keys.KeyNotRegistered.Reason;
import dev.postern.chassis.keys.KeyRegistration;
import dev.postern.rotation.ledger.KeyLedger;
import dev.postern.rotation.ledger.LedgerStandsBy;
import dev.postern.rotation.ledger.LedgerUnwritable;
import dev.postern.rotation.ledger.RegistrationRefused;
import dev.postern.rotation.lifecycle.Holder;
import dev.postern.rotation.lifecycle.KeyClass;
import dev.postern.rotation.lifecycle.KeyRing;
import dev.postern.rotation.lifecycle.ManagedKey;
import dev.postern.token.DirectoryEntry;
import dev.postern.token.DirectorySnapshot;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// This service as an owner of keys: it looks at its own ledger instead of following the directory, and registers
/// there instead of asking itself over the network. While another replica leads it has no say in keys, and follows
/// nothing: its keys go on by themselves.
final class OwnKeys implements DirectoryView, KeyRegistration {
    private final KeyLedger ledger;
    private final URI self;
    private final String instance;

    /// @param instance of this process
    OwnKeys(KeyLedger ledger, URI self, String instance) {
        this.ledger = ledger;
        this.self = self;
        this.instance = instance;
    }

    /// Its heartbeat and acknowledgement, as the others' polls are theirs.
    void poll() {
        if (ledger.leads()) {
            try {
                var _ = ledger.poll(holder(instance), ledger.ring().version());
            } catch (LedgerStandsBy _) {
                // Since a moment ago.
            }
        }
    }

    @Override
    public String instance() {
        return instance;
    }

    @Override
    public Optional<DirectorySnapshot> snapshot() {
        return ledger.leads() ? Optional.of(snapshot(ledger.ring())) : Optional.empty();
    }

    private static DirectorySnapshot snapshot(KeyRing ring) {
        List<DirectoryEntry> entries =
                ring.listed().stream().map(OwnKeys::entry).toList();
        // When it was issued matters to those who are not sure whom they hear.
        return new DirectorySnapshot(ring.version(), Instant.EPOCH, Map.of(), entries);
    }

    private static DirectoryEntry entry(ManagedKey key) {
        return new DirectoryEntry(
                key.kid(),
                key.keyClass().wireName(),
                key.owner(),
                key.instance(),
                DirectoryEntry.State.valueOf(key.state().label()));
    }

    @Override
    public void onChange(Runnable listener) {
        ledger.onChange(_ -> listener.run());
    }

    @Override
    public void refresh() {
        // What is looked at is always fresh.
    }

    @Override
    public void register(String keyClass, String keyId, String instance, Map<String, Object> publicJwk)
            throws KeyNotRegistered {
        try {
            var _ = ledger.register(holder(instance), KeyClass.of(keyClass).orElseThrow(), keyId, Map.of());
        } catch (RegistrationRefused refused) {
            throw new KeyNotRegistered(
                    switch (refused.reason()) {
                        case KEY_ID_TAKEN -> Reason.KEY_ID_TAKEN;
                        case TOO_MANY_KEYS -> Reason.UNAVAILABLE;
                    });
        } catch (LedgerStandsBy | LedgerUnwritable | AuditUnavailable _) {
            throw new KeyNotRegistered(Reason.UNAVAILABLE);
        }
    }

    @Override
    public void ended(String keyClass, String keyId, String instance, int count) throws KeyNotRegistered {
        try {
            if (!ledger.ended(holder(instance), keyId, count)) {
                throw new KeyNotRegistered(Reason.KEY_ID_TAKEN);
            }
        } catch (LedgerStandsBy _) {
            throw new KeyNotRegistered(Reason.UNAVAILABLE);
        }
    }

    private Holder holder(String instance) {
        return new Holder(self, instance);
    }
}

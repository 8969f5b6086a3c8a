package dev.postern.rotation.ledger;

import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditUnavailable;
import dev.postern.audit.KeyTransitioned;
import dev.postern.rotation.lifecycle.Holder;
import dev.postern.rotation.lifecycle.KeyClass;
import dev.postern.rotation.lifecycle.ManagedKey;
import dev.postern.rotation.lifecycle.RotationPolicy;
import dev.postern.rotation.lifecycle.Schedule;
import dev.postern.test.MutableClock;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A ledger on a real directory, with a clock that is moved by hand, and three processes.
public final class LedgerFixture implements AuditLine, KeyObserver {
    public static final Holder SIGNER = holder("token-service", "s-1");
    public static final Holder GATEWAY = holder("gateway-service", "g-1");
    public static final Holder RELAY = holder("inference-relay", "r-1");
    public static final RotationPolicy POLICY = new RotationPolicy(
            Duration.ofHours(12),
            Duration.ofMinutes(6),
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(15),
            Duration.ZERO);
    public static final LedgerSettings SETTINGS =
            new LedgerSettings(new Schedule(Map.of(KeyClass.TOKEN_SIGNING, POLICY), List.of()));

    public final MutableClock clock = MutableClock.atNoon();
    final List<AuditEvent> audited = new ArrayList<>();
    final List<Incident> reported = new ArrayList<>();
    public final Path path;
    boolean auditIsAway;
    int leftBehind;
    int delayed;
    public KeyLedger ledger;

    public LedgerFixture(Path directory) {
        this.path = directory.resolve("key-ledger.json");
        this.ledger = opened(Leadership.alone(), SETTINGS);
    }

    static Holder holder(String service, String instance) {
        return new Holder(URI.create("spiffe://postern.local/service/" + service), instance);
    }

    /// One more process on the same file.
    public KeyLedger opened(Leadership leadership, LedgerSettings settings) {
        return new KeyLedger(path, leadership, settings, this, this, clock);
    }

    /// The same file in a new process.
    void restart() {
        ledger = opened(Leadership.alone(), SETTINGS);
    }

    /// Seconds pass; everybody in `polling` polls each second and applies what it gets.
    public void pass(int seconds, Holder... polling) {
        for (int i = 0; i < seconds; i++) {
            clock.advance(Duration.ofSeconds(1));
            ledger.tick();
            all(polling);
        }
    }

    /// One poll each, then another that acknowledges the answer.
    public void all(Holder... polling) {
        for (Holder holder : polling) {
            long version = ledger.poll(holder, 0).version();
            ledger.poll(holder, version);
        }
    }

    public ManagedKey register(String kid) throws AuditUnavailable {
        return ledger.register(SIGNER, KeyClass.TOKEN_SIGNING, kid, Map.of("kid", kid));
    }

    public String state(String kid) {
        return ledger.ring().find(kid).map(key -> key.state().label()).orElse("NONE");
    }

    /// The ids of the active keys.
    public List<String> active() {
        return ledger.ring().active(KeyClass.TOKEN_SIGNING).stream()
                .map(ManagedKey::kid)
                .toList();
    }

    /// Registers `first` and lets it become active; time passes until the start has settled.
    public void activeKey(String kid) throws AuditUnavailable {
        pass(6, SIGNER, GATEWAY, RELAY);
        var _ = register(kid);
        all(SIGNER, GATEWAY, RELAY);
        if (!state(kid).equals("ACTIVE")) {
            throw new AssertionError("expected " + kid + " to be active, it is " + state(kid));
        }
    }

    List<String> transitions(String kid) {
        return audited.stream()
                .filter(KeyTransitioned.class::isInstance)
                .map(KeyTransitioned.class::cast)
                .filter(event -> event.keyId().equals(kid))
                .map(event -> event.from() + ">" + event.to() + " " + event.cause())
                .toList();
    }

    @Override
    public void recordDurably(AuditEvent event) throws AuditUnavailable {
        if (auditIsAway) {
            throw new AuditUnavailable(AuditUnavailable.Reason.FULL);
        }
        audited.add(event);
    }

    @Override
    public void moved(String keyClass, String to, String cause) {}

    @Override
    public void reported(Incident incident) {
        reported.add(incident);
    }

    @Override
    public void delayed() {
        delayed++;
    }

    @Override
    public void leftBehind(int consumers) {
        leftBehind += consumers;
    }
}

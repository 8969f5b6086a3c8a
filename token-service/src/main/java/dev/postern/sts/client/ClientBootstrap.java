package dev.postern.sts.client;

import dev.postern.audit.AdminChanged;
import dev.postern.audit.AuditTrail;
import dev.postern.audit.AuditUnavailable;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.beans.factory.SmartInitializingSingleton;

/// Applies the platform's own clients and those of the bootstrap file, before the service listens: a client is
/// registered when the file names it first, changed when the file says something else of it than at the last start,
/// and removed when the file no longer names it. Without a file nobody is removed.
///
/// Guarantee: what administrators changed, disabled or deleted since stays so until the file itself changes; clients
/// that never were in the file are left alone; every change is audited before it is made.
final class ClientBootstrap implements SmartInitializingSingleton {

    /// The gateway speaks for its callers to the relays; that is all its own tokens allow.
    private static final BootstrapFile.Entry GATEWAY = BootstrapFile.Entry.of(new ClientRegistration(
            "gateway-service",
            "platform",
            new Proof.WorkloadCertificate(),
            Set.of("llm:delegate"),
            Set.of("urn:postern:relay"),
            ClientPolicy.DEFAULT));

    private final Path file;
    private final ClientRegistry registry;
    private final BootstrapRecord record;
    private final AuditTrail trail;
    private final String actor;

    ClientBootstrap(Path file, ClientRegistry registry, BootstrapRecord record, AuditTrail trail, String actor) {
        this.file = file;
        this.registry = registry;
        this.record = record;
        this.trail = trail;
        this.actor = actor;
    }

    @Override
    public void afterSingletonsInstantiated() {
        Optional<List<BootstrapFile.Entry>> given = BootstrapFile.read(file);
        List<BootstrapFile.Entry> external = given.orElse(List.of());
        if (external.stream().anyMatch(entry -> entry.clientId().equals(GATEWAY.clientId()))) {
            throw new IllegalStateException("the bootstrap clients may not redefine " + GATEWAY.clientId());
        }
        if (given.isPresent()) {
            removeAllBut(external);
        }
        apply(GATEWAY);
        external.forEach(this::apply);
    }

    private void removeAllBut(List<BootstrapFile.Entry> external) {
        Set<String> gone = new TreeSet<>(record.clientIds());
        gone.remove(GATEWAY.clientId());
        external.forEach(entry -> gone.remove(entry.clientId()));
        for (String clientId : gone) {
            registry.find(clientId).ifPresent(client -> {
                audit("client-removed", clientId);
                changed(registry.delete(clientId, client.version()));
            });
            record.forget(clientId);
        }
    }

    private void apply(BootstrapFile.Entry entry) {
        String clientId = entry.clientId();
        if (record.digest(clientId).equals(Optional.of(entry.digest()))) {
            return;
        }
        Optional<ClientRegistration> before = registry.find(clientId);
        if (before.isEmpty()) {
            audit("client-created", clientId);
            changed(registry.create(entry.client()).isPresent());
        } else if (!before.get().withVersion(0).equals(entry.client())) {
            audit("client-changed", clientId);
            changed(registry.update(entry.client().withVersion(before.get().version()))
                    .isPresent());
        }
        record.remember(clientId, entry.digest());
    }

    private static void changed(boolean done) {
        if (!done) {
            throw new IllegalStateException("another replica changed the clients meanwhile: start again");
        }
    }

    private void audit(String action, String clientId) {
        try {
            trail.recordDurably(new AdminChanged(actor, action, "client", clientId));
        } catch (AuditUnavailable e) {
            throw new IllegalStateException("clients cannot be changed: their audit record cannot be kept", e);
        }
    }
}

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

/// Registers the platform's own clients and those of the bootstrap file, before the service listens, and removes the
/// clients that the file no longer names; without a file nobody is removed. A client that is already registered as
/// given is left alone; every change is audited before it is made.
final class ClientBootstrap implements SmartInitializingSingleton {

    /// The gateway speaks for its callers to the relays; that is all its own tokens allow.
    private static final ClientRegistration GATEWAY = new ClientRegistration(
            "gateway-service",
            "platform",
            new ClientRegistration.Proof.WorkloadCertificate(),
            Set.of("llm:delegate"),
            Set.of("urn:postern:relay"));

    private final Path file;
    private final ClientRegistry registry;
    private final AuditTrail trail;
    private final String actor;

    ClientBootstrap(Path file, ClientRegistry registry, AuditTrail trail, String actor) {
        this.file = file;
        this.registry = registry;
        this.trail = trail;
        this.actor = actor;
    }

    @Override
    public void afterSingletonsInstantiated() {
        Optional<List<ClientRegistration>> given = BootstrapFile.read(file);
        List<ClientRegistration> external = given.orElse(List.of());
        if (external.stream().anyMatch(client -> client.clientId().equals(GATEWAY.clientId()))) {
            throw new IllegalStateException("the bootstrap clients may not redefine " + GATEWAY.clientId());
        }
        if (given.isPresent()) {
            removeAllBut(external);
        }
        register(GATEWAY);
        external.forEach(this::register);
    }

    private void removeAllBut(List<ClientRegistration> external) {
        Set<String> gone = new TreeSet<>(registry.names());
        gone.remove(GATEWAY.clientId());
        external.forEach(client -> gone.remove(client.clientId()));
        for (String clientId : gone) {
            audit("client-removed", clientId);
            registry.remove(clientId);
        }
    }

    private void register(ClientRegistration client) {
        Optional<ClientRegistration> before = registry.find(client.clientId());
        if (before.equals(Optional.of(client))) {
            return;
        }
        audit(before.isPresent() ? "client-changed" : "client-created", client.clientId());
        registry.save(client);
    }

    private void audit(String action, String clientId) {
        try {
            trail.recordDurably(new AdminChanged(actor, action, "client", clientId));
        } catch (AuditUnavailable e) {
            throw new IllegalStateException("clients cannot be changed: their audit record cannot be kept", e);
        }
    }
}

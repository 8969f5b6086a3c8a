package dev.postern.sts.containment;

import dev.postern.audit.AdminChanged;
import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditTrail;
import dev.postern.audit.AuditUnavailable;
import dev.postern.audit.ContainmentOrdered;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.policy.Containment.Action;
import dev.postern.sts.client.ClientPolicy;
import dev.postern.sts.client.ClientRegistration;
import dev.postern.sts.client.ClientRegistration.Status;
import dev.postern.sts.client.ClientRegistry;
import dev.postern.sts.client.Proof;
import dev.postern.sts.revocation.IssuedRevocation;
import dev.postern.sts.revocation.Revocations;
import dev.postern.trust.Revocation.Kind;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Optional;

/// Carries out what the policy orders about an anomaly: on record first, once per incident.
///
/// `revoke-session` ends one session. `reissue` ends what the client was issued so far: it proves itself again.
/// `revoke-client` does that and disables the client until a person enables it; the platform's own services are never
/// disabled, as that would end the platform.
final class Containments {

    private final Incidents incidents;
    private final Revocations revocations;
    private final ClientRegistry clients;
    private final AuditTrail trail;
    private final MeterRegistry metrics;

    Containments(
            Incidents incidents,
            Revocations revocations,
            ClientRegistry clients,
            AuditTrail trail,
            MeterRegistry metrics) {
        this.incidents = incidents;
        this.revocations = revocations;
        this.clients = clients;
        this.trail = trail;
        this.metrics = metrics;
    }

    /// Contains an incident, once.
    ///
    /// @param orderedBy the SPIFFE id of the service
    /// @return what was revoked; nothing when the incident was contained already
    Optional<IssuedRevocation> contain(ContainmentOrder order, String orderedBy) {
        if (!incidents.begin(order.incident())) {
            count(order, "repeated");
            return Optional.empty();
        }
        try {
            record(new ContainmentOrdered(
                    order.incident(),
                    orderedBy,
                    order.rule(),
                    order.action().wireName(),
                    order.clientId(),
                    order.sessionId(),
                    order.scorePermille()));
            if (order.action() == Action.REVOKE_CLIENT) {
                disable(order.clientId(), orderedBy);
            }
            IssuedRevocation issued = revocations
                    .revoke(kind(order.action()), target(order), "contained", orderedBy)
                    .issued();
            count(order, "contained");
            return Optional.of(issued);
        } catch (RuntimeException e) {
            incidents.forget(order.incident());
            count(order, "failed");
            throw e;
        }
    }

    private static Kind kind(Action action) {
        return switch (action) {
            case REVOKE_SESSION -> Kind.SESSION;
            case REISSUE, REVOKE_CLIENT -> Kind.CLIENT;
        };
    }

    private static String target(ContainmentOrder order) {
        return order.action() == Action.REVOKE_SESSION ? order.sessionId().orElseThrow() : order.clientId();
    }

    private void disable(String clientId, String orderedBy) {
        // Somebody may change the client at the same time: the next look finds what they made of it.
        for (int attempt = 0; attempt < 3; attempt++) {
            Optional<ClientRegistration> found = clients.find(clientId);
            if (found.filter(ClientRegistration::isEnabled).isEmpty()
                    || found.get().proof() instanceof Proof.WorkloadCertificate) {
                return;
            }
            record(new AdminChanged(orderedBy, "client-disabled", "client", clientId));
            if (clients.update(disabled(found.get())).isPresent()) {
                return;
            }
        }
        throw new ProblemException(Problem.CONFLICT);
    }

    private static ClientRegistration disabled(ClientRegistration client) {
        ClientPolicy policy = client.policy();
        return new ClientRegistration(
                client.clientId(),
                client.tenant(),
                client.proof(),
                client.scopes(),
                client.audiences(),
                policy,
                Status.DISABLED,
                client.version());
    }

    private void record(AuditEvent event) {
        try {
            trail.recordDurably(event);
        } catch (AuditUnavailable _) {
            throw new ProblemException(Problem.AUDIT_UNAVAILABLE);
        }
    }

    private void count(ContainmentOrder order, String outcome) {
        metrics.counter("postern.containments", "action", order.action().wireName(), "outcome", outcome)
                .increment();
    }
}

package dev.postern.sts.containment;

import dev.postern.audit.AdminChanged;
import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditTrail;
import dev.postern.audit.AuditUnavailable;
import dev.postern.audit.ContainmentOrdered;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.sts.client.ClientPolicy;
import dev.postern.sts.client.ClientRegistration;
import dev.postern.sts.client.ClientRegistration.Status;
import dev.postern.sts.client.ClientRegistry;
import dev.postern.sts.client.Clients;
import dev.postern.sts.client.Proof;
import dev.postern.sts.revocation.IssuedRevocation;
import dev.postern.sts.revocation.Revocations;
import dev.postern.trust.Revocation.Kind;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Optional;
import org.springframework.transaction.support.TransactionOperations;

/// Carries out what the policy orders about an anomaly: on record first, once per incident.
///
/// `revoke-session` ends one session. `reissue` ends what the client was issued so far: it proves itself again.
/// `revoke-client` does that and disables the client until a person enables it; the platform's own services are never
/// disabled, as that would end the platform.
final class Containments {

    private static final String REASON = "contained";

    private final Incidents incidents;
    private final Revocations revocations;
    private final ClientRegistry clients;
    private final TransactionOperations transactions;
    private final AuditTrail trail;
    private final MeterRegistry metrics;
    private final Clock clock;

    Containments(
            Incidents incidents,
            Revocations revocations,
            ClientRegistry clients,
            TransactionOperations transactions,
            AuditTrail trail,
            MeterRegistry metrics,
            Clock clock) {
        this.incidents = incidents;
        this.revocations = revocations;
        this.clients = clients;
        this.transactions = transactions;
        this.trail = trail;
        this.metrics = metrics;
        this.clock = clock;
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
            IssuedRevocation issued = switch (order.action()) {
                case REVOKE_SESSION -> revoke(Kind.SESSION, order.sessionId().orElseThrow(), orderedBy);
                case REISSUE -> revoke(Kind.CLIENT, order.clientId(), orderedBy);
                case REVOKE_CLIENT -> end(order.clientId(), orderedBy);
            };
            count(order, "contained");
            return Optional.of(issued);
        } catch (RuntimeException e) {
            incidents.forget(order.incident());
            count(order, "failed");
            throw e;
        }
    }

    private IssuedRevocation revoke(Kind kind, String target, String orderedBy) {
        return revocations.revoke(kind, target, REASON, orderedBy).issued();
    }

    /// Disables the client and ends its tokens, both or neither. The revocation reaches into the future, as replicas
    /// may issue for [Clients#BOUND] by what they remember.
    private IssuedRevocation end(String clientId, String orderedBy) {
        // Somebody may change the client at the same time: the next look finds what they made of it.
        for (int attempt = 0; attempt < 3; attempt++) {
            Optional<ClientRegistration> found = clients.find(clientId);
            if (found.filter(client -> client.proof() instanceof Proof.WorkloadCertificate)
                    .isPresent()) {
                return revoke(Kind.CLIENT, clientId, orderedBy);
            }
            Optional<ClientRegistration> enabled = found.filter(ClientRegistration::isEnabled);
            enabled.ifPresent(_ -> record(new AdminChanged(orderedBy, "client-disabled", "client", clientId)));
            IssuedRevocation planned = revocations.plan(
                    Kind.CLIENT, clientId, REASON, orderedBy, clock.instant().plus(Clients.REACH));
            if (together(enabled, planned)) {
                var _ = revocations.announce(planned);
                return planned;
            }
        }
        throw new ProblemException(Problem.CONFLICT);
    }

    private boolean together(Optional<ClientRegistration> enabled, IssuedRevocation planned) {
        return Boolean.TRUE.equals(transactions.execute(_ -> {
            if (enabled.isPresent() && clients.update(disabled(enabled.get())).isEmpty()) {
                return false;
            }
            revocations.store(planned);
            return true;
        }));
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

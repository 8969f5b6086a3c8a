package dev.postern.redacting.policy;

import dev.postern.audit.AuditTrail;
import dev.postern.audit.AuditUnavailable;
import dev.postern.audit.RedactionPolicyPublished;
import dev.postern.redact.entity.Entity;
import dev.postern.redact.policy.Plan;
import dev.postern.redact.policy.PolicyRejected;
import dev.postern.redact.policy.RedactionPolicy;
import dev.postern.redacting.engine.ExchangeRefused;
import dev.postern.redacting.engine.PolicySource;
import dev.postern.redacting.policy.PolicyStore.Reading;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The tenants' policies, compiled, and how the next version of one comes into force.
///
/// Guarantee: a tenant whose policy cannot be read, or may have been changed for so long that nobody can say what it
/// is, gets no plan, and so none of its prompts passes; a tenant that never had a policy gets what the rule packs say.
/// Versions of a tenant are counted without a gap, each made from the one its author saw. A version is on record before
/// it is kept, and kept before it is in force. Non-guarantee: a recorded version can fail to be kept; its author is
/// told.
///
/// Safe for any thread. [#plan] takes no lock and waits for nothing.
public final class PoliciesInForce implements PolicySource {
    private static final Logger LOG = LoggerFactory.getLogger(PoliciesInForce.class);
    private static final int TRIES = 20;
    private static final int SALT_BYTES = 16;

    /// @param at when the store was last read
    private record Snapshot(Reading reading, Map<String, TenantPolicy> tenants, Instant at) {}

    private final PolicyStore store;
    private final Collection<Entity> entities;
    private final PolicyProperties properties;
    private final AuditTrail trail;
    private final SecureRandom random;
    private final Clock clock;
    private final RedactionPolicy standard;
    /// One reading or change at a time.
    private final Object changing = new Object();

    private volatile Optional<Snapshot> inForce = Optional.empty();
    private volatile boolean readable = true;

    PoliciesInForce(
            PolicyStore store,
            Collection<Entity> entities,
            PolicyProperties properties,
            AuditTrail trail,
            SecureRandom random,
            Clock clock) {
        this.store = store;
        this.entities = List.copyOf(entities);
        this.properties = properties;
        this.trail = trail;
        this.random = random;
        this.clock = clock;
        this.standard = RedactionPolicy.standard(entities);
    }

    /// How a publication ended.
    public sealed interface Outcome {
        record Published(StoredPolicy policy) implements Outcome {}

        /// Another version is there than the author saw.
        ///
        /// @param version 0 when there is none
        record Overtaken(long version) implements Outcome {}

        /// All tenants' documents together would be too large.
        record NoRoom() implements Outcome {}
    }

    @Override
    public Plan plan(String tenant, String label) throws ExchangeRefused {
        return policy(tenant).plan(label);
    }

    /// The policy of a tenant that is in force.
    ///
    /// @throws ExchangeRefused when nobody can say what it is
    public RedactionPolicy policy(String tenant) throws ExchangeRefused {
        Snapshot snapshot = inForce.filter(
                        known -> !known.at().plus(properties.staleAfter()).isBefore(clock.instant()))
                .orElseThrow(PoliciesInForce::unavailable);
        TenantPolicy own = snapshot.tenants().get(tenant);
        return own == null ? standard : own.policy().orElseThrow(PoliciesInForce::unavailable);
    }

    private static ExchangeRefused unavailable() {
        return new ExchangeRefused(ExchangeRefused.Reason.POLICY_UNAVAILABLE);
    }

    /// A tenant's own policy as it is kept, also when this version cannot read it.
    ///
    /// @throws RuntimeException when what is kept cannot be read
    public Optional<StoredPolicy> kept(String tenant) {
        return Optional.ofNullable(refreshed().reading().set().tenants().get(tenant));
    }

    /// Reads a policy as [#publish] would.
    public RedactionPolicy parse(String document) throws PolicyRejected {
        return RedactionPolicy.parse(document, entities);
    }

    /// Brings a tenant's next version into force.
    ///
    /// @param expected the version its author saw; 0 for none
    /// @throws PolicyRejected if it is not in order
    /// @throws AuditUnavailable if it cannot be put on record
    /// @throws RuntimeException if it cannot be kept
    public Outcome publish(String tenant, long expected, String document, String author)
            throws PolicyRejected, AuditUnavailable {
        RedactionPolicy policy = parse(document);
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        StoredPolicy next = new StoredPolicy(
                tenant,
                expected + 1,
                document,
                Base64.getUrlEncoder().withoutPadding().encodeToString(salt),
                author,
                clock.instant().truncatedTo(ChronoUnit.MILLIS));
        boolean recorded = false;
        synchronized (changing) {
            for (int attempt = 0; attempt < TRIES; attempt++) {
                Reading before = refreshed().reading();
                if (before.set().versionOf(tenant) != expected) {
                    return new Outcome.Overtaken(before.set().versionOf(tenant));
                }
                PolicySet set = before.set().with(next);
                if (set.toJson().length > properties.largestSet().toBytes()) {
                    return new Outcome.NoRoom();
                }
                if (!recorded) {
                    trail.recordDurably(new RedactionPolicyPublished(author, tenant, next.version(), next.digest()));
                    recorded = true;
                }
                if (store.replace(before, set)) {
                    var _ = refreshed();
                    LOG.info("{} with labels {} is in force", next, policy.labels());
                    return new Outcome.Published(next);
                }
            }
        }
        throw new IllegalStateException("others change the policies without end");
    }

    /// Looks whether another replica changed anything. A failure is remembered, not thrown: what is in memory goes on
    /// for a while.
    void reload() {
        try {
            var _ = refreshed();
            if (!readable) {
                LOG.info("The policies can be read again");
            }
            readable = true;
        } catch (RuntimeException e) {
            if (readable) {
                LOG.warn(
                        "The policies cannot be read ({}): prompts are refused in {} at the latest",
                        e.getClass().getSimpleName(),
                        inForce.isPresent() ? properties.staleAfter() : "no time");
            }
            readable = false;
        }
    }

    private Snapshot refreshed() {
        synchronized (changing) {
            Optional<Snapshot> before = inForce;
            Instant began = clock.instant();
            Optional<Reading> changed = store.changedSince(before.map(Snapshot::reading));
            Snapshot now = changed.map(reading -> compiled(reading, before, began))
                    .orElseGet(() -> new Snapshot(
                            before.orElseThrow().reading(), before.orElseThrow().tenants(), began));
            inForce = Optional.of(now);
            return now;
        }
    }

    private Snapshot compiled(Reading reading, Optional<Snapshot> before, Instant at) {
        long known = before.map(snapshot -> snapshot.reading().set().revision()).orElse(0L);
        if (reading.set().revision() < known) {
            throw new IllegalStateException("an older set of policies lies in the place of the one that was there");
        }
        Map<String, TenantPolicy> tenants = new HashMap<>();
        reading.set().tenants().forEach((tenant, stored) -> {
            TenantPolicy same = before.map(snapshot -> snapshot.tenants().get(tenant))
                    .filter(other -> other.stored().equals(stored))
                    .orElse(null);
            tenants.put(tenant, same == null ? compiled(stored) : same);
        });
        return new Snapshot(reading, Map.copyOf(tenants), at);
    }

    private TenantPolicy compiled(StoredPolicy stored) {
        try {
            return new TenantPolicy(stored, Optional.of(parse(stored.document())));
        } catch (PolicyRejected rejected) {
            LOG.error(
                    "{} cannot be read by this version: all prompts of the tenant are refused. {} problems at {}",
                    stored,
                    rejected.problems().size(),
                    rejected.problems().getFirst().pointer());
            return new TenantPolicy(stored, Optional.empty());
        }
    }

    /// Tenants that have a policy of their own.
    int tenants() {
        return inForce.map(snapshot -> snapshot.tenants().size()).orElse(0);
    }

    /// What cannot be read: all of it, or so many tenants' policies.
    long unreadable() {
        if (!readable || inForce.isEmpty()) {
            return Math.max(1, tenants());
        }
        return inForce.get().tenants().values().stream()
                .filter(tenant -> tenant.policy().isEmpty())
                .count();
    }
}

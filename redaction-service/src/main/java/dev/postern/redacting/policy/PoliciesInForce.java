package dev.postern.redacting.policy;

import dev.postern.audit.AuditEvent;
import dev.postern.audit.AuditTrail;
import dev.postern.audit.AuditUnavailable;
import dev.postern.audit.RedactionPolicyPublished;
import dev.postern.audit.RedactionPolicyWithdrawn;
import dev.postern.redact.detection.Detection;
import dev.postern.redact.policy.Plan;
import dev.postern.redact.policy.PolicyRejected;
import dev.postern.redact.policy.RedactionPolicy;
import dev.postern.redacting.engine.ExchangeRefused;
import dev.postern.redacting.engine.FailureTrace;
import dev.postern.redacting.engine.PolicySource;
import dev.postern.redacting.engine.Terms;
import dev.postern.redacting.policy.PolicyStore.Reading;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The tenants' policies, compiled, and how the next version of one comes into force.
///
/// Guarantee: a tenant whose policy cannot be read, or may have been changed for so long that nobody can say what it
/// is, gets no plan, and so none of its prompts passes; a tenant that has no policy gets what the rule packs say.
/// Versions of a tenant are counted without a gap, each made from the one its author saw. A version is on record before
/// it is kept, and kept before it is in force. Non-guarantee: a recorded version can fail to be kept; its author is
/// told.
///
/// Safe for any thread. [#terms] takes no lock and waits for nothing.
public final class PoliciesInForce implements PolicySource {
    private static final Logger LOG = LoggerFactory.getLogger(PoliciesInForce.class);
    private static final int TRIES = 20;
    private static final int SALT_BYTES = 16;

    /// @param at when the store was last read
    private record Snapshot(Reading reading, Map<String, TenantPolicy> tenants, Instant at) {}

    private final PolicyStore store;
    private final Detection detection;
    private final PolicyProperties properties;
    private final AuditTrail trail;
    private final SecureRandom random;
    private final Clock clock;
    private final BiFunction<Plan, Detection, Terms> compiler;
    private final LabelledTerms standard;
    /// One reading or change at a time.
    private final Object oneAtATime = new Object();

    private volatile Optional<Snapshot> inForce = Optional.empty();
    private volatile boolean readable = true;

    PoliciesInForce(
            PolicyStore store,
            Detection detection,
            PolicyProperties properties,
            AuditTrail trail,
            SecureRandom random,
            Clock clock,
            BiFunction<Plan, Detection, Terms> compiler) {
        this.store = store;
        this.detection = detection;
        this.properties = properties;
        this.trail = trail;
        this.random = random;
        this.clock = clock;
        this.compiler = compiler;
        this.standard = LabelledTerms.of(RedactionPolicy.standard(detection), compiler);
    }

    /// How a change ended.
    public sealed interface Outcome {
        record Published(StoredPolicy policy) implements Outcome {}

        /// Taken back.
        ///
        /// @param version that taking it back counts as
        record Withdrawn(long version) implements Outcome {}

        /// Another version is there than the author saw.
        ///
        /// @param version 0 when there is none
        record Overtaken(long version) implements Outcome {}

        /// All tenants' documents together would be too large.
        record NoRoom() implements Outcome {}
    }

    @Override
    public Terms terms(String tenant, String label) throws ExchangeRefused {
        return inForce(tenant).terms(label);
    }

    /// The policy of a tenant that is in force.
    ///
    /// @throws ExchangeRefused when nobody can say what it is
    public RedactionPolicy policy(String tenant) throws ExchangeRefused {
        return inForce(tenant).policy();
    }

    private LabelledTerms inForce(String tenant) throws ExchangeRefused {
        Snapshot snapshot = inForce.filter(
                        known -> !known.at().plus(properties.staleAfter()).isBefore(clock.instant()))
                .orElseThrow(PoliciesInForce::unavailable);
        TenantPolicy own = snapshot.tenants().get(tenant);
        return own == null ? standard : own.terms().orElseThrow(PoliciesInForce::unavailable);
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
        return RedactionPolicy.parse(document, detection);
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
        // What cannot be made of it is found out before anybody keeps it.
        var _ = LabelledTerms.of(policy, compiler);
        byte[] bytes = new byte[SALT_BYTES];
        random.nextBytes(bytes);
        String salt = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Instant at = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Outcome outcome = change(tenant, expected, (before, version) -> {
            StoredPolicy next = new StoredPolicy(tenant, version, document, salt, author, at);
            return new Change(
                    before.with(next),
                    new RedactionPolicyPublished(author, tenant, version, next.digest()),
                    new Outcome.Published(next));
        });
        if (outcome instanceof Outcome.Published(StoredPolicy next)) {
            LOG.info("{} with labels {} is in force", next, policy.labels());
        }
        return outcome;
    }

    /// Takes a tenant's policy back: what the rule packs say counts again. Versions are counted on.
    ///
    /// @param expected the version that is taken back
    /// @throws AuditUnavailable if it cannot be put on record
    /// @throws RuntimeException if it cannot be kept
    public Outcome withdraw(String tenant, long expected, String author) throws AuditUnavailable {
        Outcome outcome = change(
                tenant,
                expected,
                (before, version) -> new Change(
                        before.without(tenant, version),
                        new RedactionPolicyWithdrawn(author, tenant, version),
                        new Outcome.Withdrawn(version)));
        if (outcome instanceof Outcome.Withdrawn(long version)) {
            LOG.info("The policy of {} is withdrawn as of version {}", tenant, version);
        }
        return outcome;
    }

    private record Change(PolicySet set, AuditEvent event, Outcome outcome) {}

    private interface Changing {
        Change of(PolicySet before, long version);
    }

    /// Others may change theirs meanwhile, at other replicas: then it is made anew from what these left.
    private Outcome change(String tenant, long expected, Changing changing) throws AuditUnavailable {
        synchronized (oneAtATime) {
            Optional<AuditEvent> recorded = Optional.empty();
            for (int attempt = 0; attempt < TRIES; attempt++) {
                Reading before = refreshed().reading();
                if (before.set().versionOf(tenant) != expected) {
                    return new Outcome.Overtaken(before.set().versionOf(tenant));
                }
                Change change = changing.of(before.set(), before.set().nextVersionOf(tenant));
                long room =
                        Math.max(properties.largestSet().toBytes(), before.set().toJson().length);
                if (change.set().toJson().length > room) {
                    return new Outcome.NoRoom();
                }
                if (!recorded.equals(Optional.of(change.event()))) {
                    trail.recordDurably(change.event());
                    recorded = Optional.of(change.event());
                }
                if (store.replace(before, change.set())) {
                    var _ = refreshed();
                    return change.outcome();
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
        } catch (RuntimeException | StackOverflowError e) {
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
        synchronized (oneAtATime) {
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
            return new TenantPolicy(
                    stored,
                    Optional.of(LabelledTerms.of(RedactionPolicy.parseKept(stored.document(), detection), compiler)));
        } catch (PolicyRejected rejected) {
            LOG.error(
                    "{} cannot be read by this version: all prompts of the tenant are refused. {} problems at {}",
                    stored,
                    rejected.problems().size(),
                    rejected.problems().getFirst().pointer());
            return new TenantPolicy(stored, Optional.empty());
        } catch (RuntimeException | StackOverflowError failure) {
            LOG.error("{} cannot be used: all prompts of the tenant are refused. {}", stored, FailureTrace.of(failure));
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
                .filter(tenant -> tenant.terms().isEmpty())
                .count();
    }
}

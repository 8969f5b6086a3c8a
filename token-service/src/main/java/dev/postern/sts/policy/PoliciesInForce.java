package dev.postern.sts.policy;

import dev.postern.audit.AuditTrail;
import dev.postern.audit.AuditUnavailable;
import dev.postern.chassis.problem.Problem;
import dev.postern.chassis.problem.ProblemException;
import dev.postern.policy.CompiledPolicy;
import dev.postern.policy.PolicyRejected;
import dev.postern.policy.PolicySet;
import dev.postern.sts.revocation.Announcement;
import dev.postern.trust.PolicyPublished;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The policy in force, compiled, and how the next one comes into force.
///
/// Guarantee: a set that does not compile within its bounds is never stored, recorded or published; at the first start
/// the default set is installed. Thread-safe; [#inForce] never blocks.
public final class PoliciesInForce {

    /// A version with what it says.
    ///
    /// @param compiled of the version's document
    public record InForce(PolicyVersion version, PolicySet set, CompiledPolicy compiled) {}

    private final PolicyStore store;
    private final AuditTrail trail;
    private final Announcement announcement;
    private volatile @Nullable InForce inForce;

    public PoliciesInForce(PolicyStore store, AuditTrail trail, Announcement announcement) {
        this.store = store;
        this.trail = trail;
        this.announcement = announcement;
    }

    /// Installs the default set where there is none.
    ///
    /// @param actor this service, as the audit trail names it
    void start(String actor) {
        if (store.current().isEmpty()) {
            try {
                PolicySet standard = PolicySet.parse(PolicySet.DEFAULT_JSON);
                var _ = CompiledPolicy.compile(standard);
                record(actor, 1, 0, standard.toJson());
                // Another replica may have been faster: one default set is as good as the other.
                var _ = store.add(0, 0, standard.toJson(), actor);
            } catch (PolicyRejected e) {
                throw new IllegalStateException("the default policy set is in order", e);
            }
        }
        reload();
    }

    /// Looks whether another replica published: called when the view of what is in force changes.
    public void reload() {
        store.current().ifPresent(this::adopt);
    }

    private synchronized void adopt(PolicyVersion version) {
        InForce known = inForce;
        if (known != null && known.version().epoch() >= version.epoch()) {
            return;
        }
        inForce = compiled(version);
    }

    /// A stored version, compiled.
    public static InForce compiled(PolicyVersion version) {
        try {
            PolicySet set = PolicySet.parse(version.document());
            return new InForce(version, set, CompiledPolicy.compile(set));
        } catch (PolicyRejected e) {
            throw new IllegalStateException(
                    "policy version " + version.epoch() + " was in order when it was stored", e);
        }
    }

    public InForce inForce() {
        InForce known = inForce;
        if (known == null) {
            throw new ProblemException(Problem.UNAVAILABLE);
        }
        return known;
    }

    /// A version of an earlier time.
    public Optional<InForce> at(long epoch) {
        InForce known = inForce;
        if (known != null && known.version().epoch() == epoch) {
            return Optional.of(known);
        }
        return store.find(epoch).map(PoliciesInForce::compiled);
    }

    /// Brings a set into force, on record before.
    ///
    /// @param after the version it was decided on
    /// @param demandNewTokens whether tokens issued under earlier versions stop to count
    /// @return nothing if another version came first
    /// @throws PolicyRejected if it is not in order
    public Optional<InForce> publish(long after, PolicySet set, boolean demandNewTokens, String actor)
            throws PolicyRejected {
        CompiledPolicy compiled = CompiledPolicy.compile(set);
        InForce before = inForce();
        if (before.version().epoch() != after) {
            return Optional.empty();
        }
        long minimumEpoch = demandNewTokens ? after + 1 : before.version().minimumEpoch();
        String document = set.toJson();
        record(actor, after + 1, minimumEpoch, document);
        Optional<PolicyVersion> stored = store.add(after, minimumEpoch, document, actor);
        if (stored.isEmpty()) {
            reload();
            return Optional.empty();
        }
        InForce next = new InForce(stored.get(), set, compiled);
        adopt(next.version());
        var _ = announcement.announce(List.of(
                new PolicyPublished(next.version().epoch(), next.version().minimumEpoch(), document)));
        return Optional.of(next);
    }

    private void record(String actor, long epoch, long minimumEpoch, String document) {
        try {
            trail.recordDurably(new dev.postern.audit.PolicyPublished(actor, epoch, minimumEpoch, digest(document)));
        } catch (AuditUnavailable _) {
            throw new ProblemException(Problem.AUDIT_UNAVAILABLE);
        }
    }

    private static String digest(String document) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(document.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}

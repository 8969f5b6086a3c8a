package dev.postern.sts.trust;

import dev.postern.sts.policy.PolicyStore;
import dev.postern.sts.policy.PolicyVersion;
import dev.postern.sts.revocation.RevocationStore;
import dev.postern.trust.PolicyPublished;
import dev.postern.trust.TrustChange;
import dev.postern.trust.TrustSource;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What is in force: the revocations whose time is not over, and the policy.
final class DatabaseTrust implements TrustSource {

    private final JdbcClient jdbc;
    private final RevocationStore revocations;
    private final PolicyStore policies;

    DatabaseTrust(JdbcClient jdbc, RevocationStore revocations, PolicyStore policies) {
        this.jdbc = jdbc;
        this.revocations = revocations;
        this.policies = policies;
    }

    @Override
    public List<TrustChange> inForce() {
        List<TrustChange> changes = new ArrayList<>();
        policies.current().map(DatabaseTrust::change).ifPresent(changes::add);
        changes.addAll(revocations.inForce());
        return changes;
    }

    private static TrustChange change(PolicyVersion version) {
        return new PolicyPublished(version.epoch(), version.minimumEpoch(), version.document());
    }

    @Override
    public String version() {
        return jdbc.sql("select changes from trust_changes").query(String.class).single();
    }
}

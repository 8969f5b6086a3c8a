package dev.postern.sts.policy;

import dev.postern.sts.sealing.RegistrySeal;
import dev.postern.sts.sealing.SealedColumn;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/// The policy versions in the database. They are never changed.
///
/// Guarantee: of those who publish at the same time on any replicas, one gets the next version.
public final class PolicyStore {

    private final JdbcClient jdbc;
    private final TransactionOperations transactions;
    private final RegistrySeal seal;
    private final Clock clock;

    public PolicyStore(JdbcClient jdbc, TransactionOperations transactions, RegistrySeal seal, Clock clock) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.seal = seal;
        this.clock = clock;
    }

    /// The one in force.
    public Optional<PolicyVersion> current() {
        return jdbc.sql("select * from policy_version order by epoch desc fetch first 1 rows only")
                .query((row, _) -> version(row))
                .optional();
    }

    public Optional<PolicyVersion> find(long epoch) {
        return jdbc.sql("select * from policy_version where epoch = ?")
                .param(epoch)
                .query((row, _) -> version(row))
                .optional();
    }

    /// The latest first.
    ///
    /// @param before only earlier ones
    public List<PolicyVersion> list(long before, int limit) {
        return jdbc.sql("select * from policy_version where epoch < ? order by epoch desc fetch first ? rows only")
                .param(before)
                .param(limit)
                .query((row, _) -> version(row))
                .list();
    }

    /// Stores the version behind `after`.
    ///
    /// @return nothing if another one took its place
    Optional<PolicyVersion> add(long after, long minimumEpoch, String document, String author) {
        PolicyVersion next = new PolicyVersion(
                after + 1, minimumEpoch, document, author, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        try {
            transactions.executeWithoutResult(_ -> {
                jdbc.sql("""
                                insert into policy_version (epoch, minimum_epoch, document, author, published_at)
                                values (?, ?, ?, ?, ?)
                                """)
                        .param(next.epoch())
                        .param(next.minimumEpoch())
                        .param(seal.seal(SealedColumn.POLICY_DOCUMENT, row(next.epoch()), next.document()))
                        .param(seal.seal(SealedColumn.POLICY_AUTHOR, row(next.epoch()), next.author()))
                        .param(next.publishedAt().atOffset(ZoneOffset.UTC))
                        .update();
                jdbc.sql("update trust_changes set changes = changes + 1").update();
            });
            return Optional.of(next);
        } catch (DuplicateKeyException _) {
            return Optional.empty();
        }
    }

    private static String row(long epoch) {
        return Long.toString(epoch);
    }

    private PolicyVersion version(ResultSet row) throws SQLException {
        long epoch = row.getLong("epoch");
        return new PolicyVersion(
                epoch,
                row.getLong("minimum_epoch"),
                seal.open(SealedColumn.POLICY_DOCUMENT, row(epoch), row.getString("document")),
                seal.open(SealedColumn.POLICY_AUTHOR, row(epoch), row.getString("author")),
                row.getObject("published_at", OffsetDateTime.class).toInstant());
    }
}

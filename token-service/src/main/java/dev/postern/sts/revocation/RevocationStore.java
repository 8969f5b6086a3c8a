package dev.postern.sts.revocation;

import dev.postern.trust.Revocation;
import dev.postern.trust.TrustView;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/// The revocations in the database. Those whose time is over are gone, and nothing else is kept per token.
public final class RevocationStore {

    private final JdbcClient jdbc;
    private final TransactionOperations transactions;
    private final Clock clock;

    public RevocationStore(JdbcClient jdbc, TransactionOperations transactions, Clock clock) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.clock = clock;
    }

    /// Stores it, as a part of the transaction around it if there is one.
    ///
    /// @return false when there are as many as followers of the feed can hold; nothing is stored then
    public boolean add(IssuedRevocation issued) {
        return Boolean.TRUE.equals(transactions.execute(_ -> {
            purge();
            if (count() >= TrustView.MAX_REVOCATIONS) {
                return false;
            }
            Revocation revocation = issued.revocation();
            jdbc.sql("""
                            insert into revocation (id, kind, target, revoked_at, forget_at, reason, actor)
                            values (?, ?, ?, ?, ?, ?, ?)
                            """)
                    .param(issued.id())
                    .param(revocation.kind().wireName())
                    .param(revocation.value())
                    .param(revocation.at().atOffset(ZoneOffset.UTC))
                    .param(revocation.until().atOffset(ZoneOffset.UTC))
                    .param(revocation.reason())
                    .param(issued.actor())
                    .update();
            jdbc.sql("update trust_changes set changes = changes + 1").update();
            return true;
        }));
    }

    private long count() {
        return jdbc.sql("select count(*) from revocation").query(Long.class).single();
    }

    /// Forgets those whose time is over.
    private void purge() {
        jdbc.sql("delete from revocation where forget_at <= ?").param(now()).update();
    }

    public Optional<IssuedRevocation> find(String id) {
        return jdbc.sql("select * from revocation where id = ? and forget_at > ?")
                .param(id)
                .param(now())
                .query((row, _) -> issued(row))
                .optional();
    }

    /// Those whose time is not over, in the order of their ids.
    public List<IssuedRevocation> list(String after, int limit) {
        return jdbc.sql("select * from revocation where id > ? and forget_at > ? order by id fetch first ? rows only")
                .param(after)
                .param(now())
                .param(limit)
                .query((row, _) -> issued(row))
                .list();
    }

    /// Those whose time is not over.
    public List<Revocation> inForce() {
        return jdbc.sql("select * from revocation where forget_at > ?")
                .param(now())
                .query((row, _) -> issued(row).revocation())
                .list();
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private static IssuedRevocation issued(ResultSet row) throws SQLException {
        return new IssuedRevocation(
                row.getString("id"),
                new Revocation(
                        Revocation.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                        row.getString("target"),
                        row.getObject("revoked_at", OffsetDateTime.class).toInstant(),
                        row.getObject("forget_at", OffsetDateTime.class).toInstant(),
                        row.getString("reason")),
                row.getString("actor"));
    }
}

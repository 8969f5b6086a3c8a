package dev.postern.sts.revocation;

import dev.postern.sts.sealing.RegistryIndex;
import dev.postern.sts.sealing.RegistrySeal;
import dev.postern.sts.sealing.SealedColumn;
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
///
/// Guarantee: what clients give up leaves room for what administrators and policy revoke, and one client's leave room
/// for the others'. Non-guarantee: exact bounds; replicas that store at the same moment may pass them by a few, which
/// is why there are fewer than followers can hold.
public final class RevocationStore {

    /// Of all kinds together.
    static final int MOST = TrustView.MAX_REVOCATIONS - 1_000;

    /// Of all kinds together when a client may still give up a token.
    static final int MOST_WITH_GIVEN_UP = MOST - 20_000;

    /// That one client gave up: thirteen a second, as each is remembered for [Revocation#MEMORY].
    static final int MOST_GIVEN_UP_BY_ONE = 5_000;

    private final JdbcClient jdbc;
    private final TransactionOperations transactions;
    private final RegistrySeal seal;
    private final RegistryIndex actors;
    private final Clock clock;

    public RevocationStore(JdbcClient jdbc, TransactionOperations transactions, RegistrySeal seal, Clock clock) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.seal = seal;
        this.actors = seal.index(SealedColumn.REVOCATION_ACTOR);
        this.clock = clock;
    }

    /// Stores it, as a part of the transaction around it if there is one.
    ///
    /// @return false when there are as many as followers of the feed can hold; nothing is stored then
    public boolean add(IssuedRevocation issued) {
        return Boolean.TRUE.equals(transactions.execute(_ -> {
            purge();
            if (count() >= MOST) {
                return false;
            }
            insert(issued);
            return true;
        }));
    }

    /// Whether a client may give up one more.
    boolean hasRoomFor(String clientId) {
        purge();
        long its = jdbc.sql("select count(*) from revocation where actor_index in (:actor) and reason = :reason")
                .param("actor", actors.candidates(clientId))
                .param("reason", Revocations.GIVEN_UP)
                .query(Long.class)
                .single();
        return its < MOST_GIVEN_UP_BY_ONE && count() < MOST_WITH_GIVEN_UP;
    }

    private void insert(IssuedRevocation issued) {
        Revocation revocation = issued.revocation();
        jdbc.sql("""
                            insert into revocation (id, kind, target, revoked_at, forget_at, reason, actor,
                                actor_index)
                            values (?, ?, ?, ?, ?, ?, ?, ?)
                            """)
                .param(issued.id())
                .param(revocation.kind().wireName())
                .param(seal.seal(SealedColumn.REVOCATION_TARGET, issued.id(), revocation.value()))
                .param(revocation.at().atOffset(ZoneOffset.UTC))
                .param(revocation.until().atOffset(ZoneOffset.UTC))
                .param(revocation.reason())
                .param(seal.seal(SealedColumn.REVOCATION_ACTOR, issued.id(), issued.actor()))
                .param(actors.of(issued.actor()))
                .update();
        jdbc.sql("update trust_changes set changes = changes + 1").update();
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
                .query((row, _) -> revocation(row))
                .list();
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private IssuedRevocation issued(ResultSet row) throws SQLException {
        String id = row.getString("id");
        return new IssuedRevocation(
                id, revocation(row), seal.open(SealedColumn.REVOCATION_ACTOR, id, row.getString("actor")));
    }

    private Revocation revocation(ResultSet row) throws SQLException {
        return new Revocation(
                Revocation.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
                seal.open(SealedColumn.REVOCATION_TARGET, row.getString("id"), row.getString("target")),
                row.getObject("revoked_at", OffsetDateTime.class).toInstant(),
                row.getObject("forget_at", OffsetDateTime.class).toInstant(),
                row.getString("reason"));
    }
}

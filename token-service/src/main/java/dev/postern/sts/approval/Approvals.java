package dev.postern.sts.approval;

import dev.postern.chassis.person.Person;
import dev.postern.sts.approval.Approval.State;
import dev.postern.sts.sealing.RegistrySeal;
import dev.postern.sts.sealing.SealedColumn;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The waiting changes in the database. One waits for an hour and is kept for 30 days.
///
/// Guarantee: a change is decided on once, however many decide at the same time on however many replicas; unless it was
/// approved and could not be made.
public final class Approvals {

    private static final Duration PATIENCE = Duration.ofHours(1);
    private static final Duration KEPT = Duration.ofDays(30);
    private static final int ID_BYTES = 12;

    private final JdbcClient jdbc;
    private final SecureRandom random;
    private final RegistrySeal seal;
    private final Clock clock;

    public Approvals(JdbcClient jdbc, SecureRandom random, RegistrySeal seal, Clock clock) {
        this.jdbc = jdbc;
        this.seal = seal;
        this.random = random;
        this.clock = clock;
    }

    /// A new one, not stored yet.
    public Approval draft(String kind, String resourceId, long expected, String document, Person requester) {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return new Approval(
                Base64.getUrlEncoder().withoutPadding().encodeToString(id),
                kind,
                resourceId,
                expected,
                document,
                requester,
                State.PENDING,
                now,
                now.plus(PATIENCE),
                Optional.empty(),
                Optional.empty());
    }

    public void add(Approval approval) {
        jdbc.sql("delete from approval where expires_at < ?")
                .param(clock.instant().minus(KEPT).atOffset(ZoneOffset.UTC))
                .update();
        jdbc.sql("""
                        insert into approval (id, kind, resource_id, expected, document, client, subject, state,
                          requested_at, expires_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                        """)
                .param(approval.id())
                .param(approval.kind())
                .param(approval.resourceId())
                .param(approval.expected())
                .param(seal.seal(SealedColumn.APPROVAL_DOCUMENT, approval.id(), approval.document()))
                .param(approval.requester().client())
                .param(seal.seal(
                        SealedColumn.APPROVAL_SUBJECT,
                        approval.id(),
                        approval.requester().subject()))
                .param(approval.state().wireName())
                .param(approval.requestedAt().atOffset(ZoneOffset.UTC))
                .param(approval.expiresAt().atOffset(ZoneOffset.UTC))
                .update();
    }

    public Optional<Approval> find(String id) {
        return jdbc.sql("select * from approval where id = ?")
                .param(id)
                .query((row, _) -> approval(row))
                .optional()
                .map(approval -> approval.at(clock.instant()));
    }

    /// In the order of their ids.
    public List<Approval> list(String after, int limit) {
        return jdbc
                .sql("select * from approval where id > ? order by id fetch first ? rows only")
                .param(after)
                .param(limit)
                .query((row, _) -> approval(row))
                .list()
                .stream()
                .map(approval -> approval.at(clock.instant()))
                .toList();
    }

    /// Whether this decision is the one that counts.
    public boolean decide(String id, State decision, Person decider) {
        OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
        return jdbc.sql("""
                        update approval set state = ?, decided_by = ?, decided_at = ?
                        where id = ? and state = 'pending' and expires_at > ?
                        """)
                        .param(decision.wireName())
                        .param(seal.seal(SealedColumn.APPROVAL_DECIDER, id, decider.actor()))
                        .param(now)
                        .param(id)
                        .param(now)
                        .update()
                == 1;
    }

    /// An approved change could not be made: it waits again, for as long as it would have.
    public void reopen(String id) {
        jdbc.sql("update approval set state = ?, decided_by = null, decided_at = null where id = ? and state = ?")
                .param(State.PENDING.wireName())
                .param(id)
                .param(State.APPROVED.wireName())
                .update();
    }

    private Approval approval(ResultSet row) throws SQLException {
        String id = row.getString("id");
        return new Approval(
                id,
                row.getString("kind"),
                row.getString("resource_id"),
                row.getLong("expected"),
                seal.open(SealedColumn.APPROVAL_DOCUMENT, id, row.getString("document")),
                Person.byToken(
                        row.getString("client"),
                        seal.open(SealedColumn.APPROVAL_SUBJECT, id, row.getString("subject"))),
                State.ofWireName(row.getString("state")),
                instant(row, "requested_at").orElseThrow(),
                instant(row, "expires_at").orElseThrow(),
                Optional.ofNullable(seal.openNullable(SealedColumn.APPROVAL_DECIDER, id, row.getString("decided_by"))),
                instant(row, "decided_at"));
    }

    private static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class)).map(OffsetDateTime::toInstant);
    }
}

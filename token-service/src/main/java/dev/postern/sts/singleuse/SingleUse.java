package dev.postern.sts.singleuse;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Lets an id be used once. The database's primary key decides, so that of many racing callers exactly one wins.
///
/// Ids are remembered per owner - one client cannot burn another's - and until the thing they name has expired by
/// itself. Survives a restart; an id used in the last half second before a crash may be forgotten (the database
/// writes behind).
public final class SingleUse {

    private static final Duration PURGE_INTERVAL = Duration.ofMinutes(1);

    /// What kind of id.
    public enum Kind {
        CLIENT_ASSERTION,
        DPOP_PROOF
    }

    private final JdbcClient jdbc;
    private final Clock clock;
    private final AtomicReference<Instant> nextPurge;

    public SingleUse(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.nextPurge = new AtomicReference<>(clock.instant());
    }

    /// Whether this is the first use.
    ///
    /// @param owner whose id it is: a client, a key
    /// @param until when the id's bearer can be refused for its age
    public boolean use(Kind kind, String owner, String id, Instant until) {
        purgeNowAndThen();
        try {
            jdbc.sql("insert into used_once (digest, expires_at) values (?, ?)")
                    .param(digest(kind, owner, id))
                    .param(until.atOffset(ZoneOffset.UTC))
                    .update();
            return true;
        } catch (DuplicateKeyException _) {
            return false;
        }
    }

    private void purgeNowAndThen() {
        Instant now = clock.instant();
        Instant due = nextPurge.get();
        if (!now.isBefore(due) && nextPurge.compareAndSet(due, now.plus(PURGE_INTERVAL))) {
            jdbc.sql("delete from used_once where expires_at < ?")
                    .param(now.atOffset(ZoneOffset.UTC))
                    .update();
        }
    }

    /// The length in front of the owner keeps (`ab`, `c`) and (`a`, `bc`) apart.
    private static byte[] digest(Kind kind, String owner, String id) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest((kind + ":" + owner.length() + ":" + owner + id).getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
